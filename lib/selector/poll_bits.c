/* SPDX-License-Identifier: MIT */
/* The translation of poll_bits.h. */
#include "config.h"

#include <poll.h>
#include <stdbool.h>

#include "port/api.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/selector.h"

enum { BROKEN = POLLHUP | POLLERR | POLLNVAL };

static short
ends(short revents)
{
	return revents & (BROKEN | CMIO_POLLRDHUP);
}

short
cmio__poll_events(unsigned int interest, unsigned int armed, short reported)
{
	short events = 0;

	if (armed & CMIO_READABLE)
		events |= POLLIN;
	if (armed & CMIO_WRITABLE)
		events |= POLLOUT;
	if (armed & CMIO_PRIORITY)
		events |= POLLPRI;
	if ((interest & CMIO_READABLE) &&
	    ((interest & CMIO_LEVEL) || (reported & CMIO_POLLRDHUP) == 0))
		events |= CMIO_POLLRDHUP;
	return events;
}

bool
cmio__poll_silent(unsigned int interest, unsigned int armed, short reported)
{
	return armed == 0 && ((interest & CMIO_ONESHOT) || (reported & BROKEN));
}

static unsigned int
closed(int what, unsigned int interest, short revents)
{
	unsigned int ready = 0;

	if (revents & CMIO_POLLRDHUP)
		ready |= CMIO_READ_CLOSED;
	if (what == POLLABLE_PIPE) {
		if (revents & POLLHUP)
			ready |= interest & CMIO_READABLE ?
			    CMIO_READ_CLOSED : CMIO_WRITE_CLOSED;
		if (revents & POLLERR)
			ready |= CMIO_WRITE_CLOSED;
	} else if (revents & POLLHUP)
		ready |= CMIO_READ_CLOSED | CMIO_WRITE_CLOSED;
	return ready;
}

/* The directions that are open for an operation, whatever it will say. */
static unsigned int
open_directions(short revents)
{
	unsigned int ready = 0;

	if (revents & (POLLIN | POLLPRI | CMIO_POLLRDHUP | BROKEN))
		ready |= CMIO_READABLE;
	if (revents & (POLLOUT | BROKEN))
		ready |= CMIO_WRITABLE;
	if (revents & POLLPRI)
		ready |= CMIO_PRIORITY;
	return ready;
}

unsigned int
cmio__poll_ready(int what, unsigned int interest, unsigned int armed,
    short reported, short revents)
{
	unsigned int ready = open_directions(revents) & interest;
	short fresh = ends(revents) & ~reported;

	/* Priority shows as readable too, also where that was not asked. */
	if (ready & CMIO_PRIORITY)
		ready |= CMIO_READABLE;
	if ((ready & armed) == 0 && fresh == 0)
		return 0;
	ready |= closed(what, interest, revents);
	if (revents & (POLLERR | POLLNVAL))
		ready |= CMIO_ERROR;
	return ready;
}

unsigned int
cmio__poll_armed(unsigned int interest, unsigned int armed,
    unsigned int ready, short revents)
{
	if (interest & CMIO_ONESHOT)
		return 0;
	if (interest & CMIO_LEVEL)
		return armed;
	return revents & BROKEN ? 0 : armed & ~ready;
}

/* Level reports an end for as long as it is there. */
short
cmio__poll_reported(unsigned int interest, short reported, short revents)
{
	return interest & CMIO_LEVEL ? 0 : reported | ends(revents);
}
