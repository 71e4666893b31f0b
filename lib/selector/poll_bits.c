/* SPDX-License-Identifier: MIT */
/* The translation of poll_bits.h. */
#include "config.h"

#include <poll.h>
#include <stdbool.h>

#include "port/api.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/selector.h"

enum {
	BROKEN = POLLHUP | POLLERR | POLLNVAL,
	CONDITIONS = BROKEN | CMIO_POLLRDHUP | POLLPRI
};

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
	if (interest & CMIO_READABLE)
		events |= CMIO_POLLRDHUP;
	return events & ~reported;
}

bool
cmio__poll_silent(unsigned int interest, unsigned int armed, short reported)
{
	return (reported & BROKEN) != 0 ||
	    (armed == 0 && (interest & CMIO_ONESHOT) != 0);
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
	} else if (revents & POLLHUP) {
		ready |= CMIO_READ_CLOSED;
		/* A terminal whose other side is closed takes bytes. */
		if (what == POLLABLE_SOCKET || (revents & POLLERR) != 0)
			ready |= CMIO_WRITE_CLOSED;
	}
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

/* The directions that have something to be read or room to write. */
static unsigned int
data(short revents)
{
	unsigned int directions = 0;

	if (revents & POLLIN)
		directions |= CMIO_READABLE;
	if (revents & POLLOUT)
		directions |= CMIO_WRITABLE;
	return directions;
}

unsigned int
cmio__poll_ready(int what, unsigned int interest, unsigned int armed,
    short reported, short revents)
{
	unsigned int ready;

	if ((data(revents) & armed) == 0 &&
	    (revents & CONDITIONS & ~reported) == 0)
		return 0;
	ready = open_directions(revents) & interest;
	/* Priority shows as readable too, also if that was not asked. */
	if (ready & CMIO_PRIORITY)
		ready |= CMIO_READABLE;
	ready |= closed(what, interest, revents);
	if (revents & (POLLERR | POLLNVAL))
		ready |= CMIO_ERROR;
	return ready;
}

unsigned int
cmio__poll_armed(unsigned int interest, unsigned int armed, short revents)
{
	if (interest & CMIO_ONESHOT)
		return 0;
	if (interest & CMIO_LEVEL)
		return armed;
	return armed & ~data(revents);
}

/* Level reports a condition for as long as it is there. */
short
cmio__poll_reported(unsigned int interest, short reported, short revents)
{
	if (interest & (CMIO_LEVEL | CMIO_ONESHOT))
		return 0;
	return reported | (revents & CONDITIONS);
}

unsigned int
cmio__poll_seen(unsigned int interest, unsigned int armed, short reported,
    short revents)
{
	/* Who is there again begins anew. */
	if (reported & ~revents & (POLLHUP | CMIO_POLLRDHUP))
		return interest & DIRECTIONS;
	return armed | (interest & ~data(revents) & DIRECTIONS);
}

short
cmio__poll_renewable(int what)
{
	return what == POLLABLE_SOCKET ? POLLERR | POLLPRI :
	    POLLERR | POLLPRI | POLLHUP;
}
