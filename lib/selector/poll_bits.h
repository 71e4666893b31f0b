/* SPDX-License-Identifier: MIT */
/*
 * What poll(2) is asked for a source, and what its answer means: functions
 * of their arguments alone.
 *
 * interest is the source's, with triggers; armed the directions that are
 * asked for; reported the conditions (POLLHUP, POLLERR, POLLRDHUP, POLLPRI)
 * that were reported and not seen to have gone since.
 */
#ifndef CMIO_POLL_BITS_H
#define CMIO_POLL_BITS_H

#include <stdbool.h>

/* The events to ask for. */
short		cmio__poll_events(unsigned int interest, unsigned int armed,
		    short reported);

/*
 * Whether the kernel must be kept off the descriptor: a hang-up and an error
 * cannot be masked.
 */
bool		cmio__poll_silent(unsigned int interest, unsigned int armed,
		    short reported);

/*
 * The readiness to report for revents, 0 for none.  what is as of
 * cmio__pollable().
 */
unsigned int	cmio__poll_ready(int what, unsigned int interest,
		    unsigned int armed, short reported, short revents);

/* What is asked for, and which conditions count as reported, after that. */
unsigned int	cmio__poll_armed(unsigned int interest, unsigned int armed,
		    short revents);
short		cmio__poll_reported(unsigned int interest, short reported,
		    short revents);

/*
 * What is asked for after a look at all directions and conditions: also what
 * was reported and is seen to have gone.
 */
unsigned int	cmio__poll_seen(unsigned int interest, unsigned int armed,
		    short reported, short revents);

/* The conditions that such a file may leave and have again in no time. */
short		cmio__poll_renewable(int what);

#endif
