/* SPDX-License-Identifier: MIT */
/*
 * What poll(2) is asked for a source, and what its answer means: functions
 * of their arguments alone.
 *
 * interest is the source's, with triggers; armed the directions that are
 * listened for; reported the ends (POLLHUP and so on) that were reported.
 */
#ifndef CMIO_POLL_BITS_H
#define CMIO_POLL_BITS_H

#include <stdbool.h>

/* The events to ask for. */
short		cmio__poll_events(unsigned int interest, unsigned int armed,
		    short reported);

/* Whether there is nothing to ask, so that the kernel must be kept off it. */
bool		cmio__poll_silent(unsigned int interest, unsigned int armed,
		    short reported);

/*
 * The readiness to report for revents, 0 for none.  what is as of
 * cmio__pollable().
 */
unsigned int	cmio__poll_ready(int what, unsigned int interest,
		    unsigned int armed, short reported, short revents);

/*
 * What is still listened for, and what has been reported, after that report: a
 * broken descriptor is listened to no more, as its end cannot be masked.
 */
unsigned int	cmio__poll_armed(unsigned int interest, unsigned int armed,
		    unsigned int ready, short revents);
short		cmio__poll_reported(unsigned int interest, short reported,
		    short revents);

#endif
