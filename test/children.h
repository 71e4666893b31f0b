/* SPDX-License-Identifier: MIT */
/* Children that a test starts, and their sources. */
#ifndef TEST_CHILDREN_H
#define TEST_CHILDREN_H

#include "harness.h"

#include <sys/types.h>

#include <cmio/net.h>
#include <cmio/process.h>

/* The token of the source; the exit status of a child when its pipe closes. */
enum { TOKEN = 5, STATUS = 7, R = CMIO_READABLE };

/* A child that lives until the pipe is closed. */
pid_t	start(int gate[2]);
pid_t	start_and_end(int status);

/* Waits until the child has ended; does not reap it. */
void	await_end(pid_t pid);

/* Returns whether there are such sources here; says so if there are none. */
bool	child_is_open(struct cmio_child *child, pid_t pid, const char *test);

#define open_or_skip(child, pid)	do {				\
	if (!child_is_open(child, pid, __func__))			\
		return;							\
} while (0)

struct cmio_poll *watch_child(int i, struct cmio_child *child,
	    unsigned int interest);

/* The child was reaped once, with this exit status. */
void	expect_exit(struct cmio_child *child, int expected);

/* Closes both. */
void	end_child(struct cmio_poll *poll, struct cmio_child *child);

#endif
