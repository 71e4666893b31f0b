/* SPDX-License-Identifier: MIT */
/* System calls that fail, and the scenarios in which they do. */
#ifndef TEST_FAULTS_H
#define TEST_FAULTS_H

#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmio.h>

#include "calls.h"

/* What has to fail, and whether it has. */
extern struct fault {
	bool		on;
	enum call	call;
	int		error;
	int		countdown;	/* 0: the next; -1: all */
	bool		fired;
	bool		old_kernel;	/* no accept4, pipe2 and eventfd */
} fault;

/* The selector under test. */
extern const char *selector;

/*
 * Whether a call has succeeded, or has failed with the right error and has to
 * be made again, without a fault.
 */
bool	went_well(const char *what, bool success, bool *again);

/* Makes a call, and again if the fault makes it fail; ends on failure. */
#define TRY(expression)	do {						\
	bool again = false;						\
	if (!went_well(#expression, (expression), &again) && (!again ||	\
	    !went_well(#expression, (expression), &again)))		\
		goto end;						\
} while (0)
#define OK(call)	TRY((long)(call) != -1)

/* A source without a descriptor. */
extern const struct cmio_source none;

/* Whether the next event has this token and one of these bits. */
bool	sees(struct cmio_poll *poll, uintptr_t token, unsigned int ready);

/* Waits until there is something to receive. */
void	await_arrival(const struct cmio_source *to);

/* The scenarios of libcmio. */
void	run_poll(void);
void	run_many(void);
void	run_waker(void);

/* The scenarios of libcmio-net. */
void	look_for_children(void);
void	run_tcp(void);
void	run_steps(void);
void	run_datagrams(void);
void	run_batches(void);
void	run_unix(void);
void	run_stream_options(void);
void	run_datagram_options(void);
void	run_adopt(void);
void	run_process(void);

#endif
