/* SPDX-License-Identifier: MIT */
/* Signals that a test sends and takes, in a process of its own. */
#ifndef TEST_SIGNAL_SOURCES_H
#define TEST_SIGNAL_SOURCES_H

#include "harness.h"

#include <signal.h>

#include <cmio/net.h>
#include <cmio/process.h>

/* The token of the source. */
enum { TOKEN = 5, R = CMIO_READABLE };

/* b may be 0. */
sigset_t	set_of(int a, int b);

/* For the rest of the test, which has its own process. */
sigset_t	block(int a, int b);

/* Returns whether there are such sources here; says so if there are none. */
bool	signals_are_open(struct cmio_signals *signals, const sigset_t *set,
	    const char *test);

#define open_or_skip(signals, set)	do {				\
	if (!signals_are_open(signals, set, __func__))			\
		return;							\
} while (0)

struct cmio_poll *watch_signals(int i, struct cmio_signals *signals,
	    unsigned int interest);

/* To this process. */
void	send_signal(int number);

void	expect_taken(struct cmio_signals *signals, int number);
/* SIGUSR1 and SIGUSR2, in any order. */
void	expect_both(struct cmio_signals *signals);
void	expect_none(struct cmio_signals *signals);
bool	is_pending(int number);

/* Closes both. */
void	end_signals(struct cmio_poll *poll, struct cmio_signals *signals);

/* Waits until the child exits. */
int	exit_status(pid_t pid);

#endif
