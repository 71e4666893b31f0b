/* SPDX-License-Identifier: MIT */
/*
 * The translation of epoll_events.h.
 *
 * It is a file of its own so that what is rare is not part of the functions
 * that every wait runs through.
 */
#include "config.h"

#include <sys/epoll.h>

#include <stdint.h>
#include <string.h>

#include "port/api.h"
#include "selector/epoll_events.h"
#include "selector/selector.h"

enum {
	PACKED = sizeof(struct epoll_event) == 12 &&
	    sizeof(struct cmio_event) == 16,
	SIZE = sizeof(struct epoll_event),
	/* What cmio__epoll_ready() leaves as it is. */
	USUAL = EPOLLIN | EPOLLOUT
};
_Static_assert(EPOLLIN == CMIO_READABLE && EPOLLOUT == CMIO_WRITABLE,
    "the common translation is none");

/*
 * A pipe and a TCP socket never say WRBAND, other sockets say it whenever
 * they say OUT: so it tells a pipe that nobody reads (OUT, ERR) from an
 * error that waits on a datagram socket (OUT, WRBAND, ERR).
 */
uint32_t
cmio__epoll_bits(unsigned int interest)
{
	uint32_t bits = 0;

	if (interest & CMIO_READABLE)
		bits |= EPOLLIN | EPOLLRDHUP;
	if (interest & CMIO_WRITABLE)
		bits |= EPOLLOUT | EPOLLWRBAND;
	if (interest & CMIO_PRIORITY)
		bits |= EPOLLPRI;
	if (interest & CMIO_ONESHOT)
		bits |= EPOLLONESHOT;
	else if ((interest & CMIO_LEVEL) == 0)
		bits |= EPOLLET;
	return bits;
}

/*
 * HUP alone is a pipe that nobody writes any more: a socket that hangs up
 * says OUT too where that was asked for, or else RDHUP.
 */
uint32_t
cmio__epoll_ready(uint32_t bits)
{
	uint32_t ready = 0;

	if (bits & EPOLLIN)
		ready |= CMIO_READABLE;
	if (bits & EPOLLOUT)
		ready |= CMIO_WRITABLE;
	if (bits & EPOLLPRI)
		ready |= CMIO_PRIORITY | CMIO_READABLE;
	if (bits & EPOLLRDHUP)
		ready |= CMIO_READ_CLOSED | CMIO_READABLE;
	if (bits & (EPOLLHUP | EPOLLERR))
		ready |= CMIO_READABLE | CMIO_WRITABLE;
	if (bits & EPOLLERR)
		ready |= CMIO_ERROR;
	if (bits & EPOLLHUP) {
		ready |= CMIO_READ_CLOSED;
		if (bits & (EPOLLOUT | EPOLLRDHUP))
			ready |= CMIO_WRITE_CLOSED;
	} else if ((bits & EPOLLERR) && (bits & EPOLLOUT) &&
	    (bits & EPOLLWRBAND) == 0)
		ready |= CMIO_WRITE_CLOSED;
	return ready;
}

/*
 * One event of the kernel's becomes the caller's, readiness untranslated.
 * As four words it is a load, a shuffle and a store where the kernel's
 * structure is packed, on x86-64; that reads four bytes past it.
 */
static inline uint32_t
expand_one(struct cmio_event *to, const char *from)
{
	struct epoll_event found;
	uint32_t words[4];

	if (PACKED) {
		memcpy(words, from, sizeof(words));
		memcpy(to, (uint32_t[]){ words[1], words[2], words[0],
		    words[0] }, sizeof(words));
		return words[0];
	}
	memcpy(&found, from, sizeof(found));
	*to = (struct cmio_event){
		.token = (uintptr_t)found.data.u64,
		.ready = found.events,
		.native = found.events,
	};
	return found.events;
}

static void
translate(struct cmio_event *events, int n)
{
	struct cmio_event *event;

	for (event = events; event != events + n; event++)
		event->ready = cmio__epoll_ready(event->native);
}

/*
 * Four at a time.  Going backwards, nothing is overwritten before it was
 * read.
 */
void
cmio__epoll_expand(struct cmio_event *events, const void *found, int n)
{
	const char *from = (const char *)found + (size_t)n * SIZE;
	struct cmio_event *to = events + n;
	uint32_t seen = 0;

	for (; (to - events) % 4 != 0; from -= SIZE)
		seen |= expand_one(--to, from - SIZE);
	for (; to != events; to -= 4, from -= 4 * SIZE) {
		seen |= expand_one(to - 1, from - SIZE);
		seen |= expand_one(to - 2, from - 2 * SIZE);
		seen |= expand_one(to - 3, from - 3 * SIZE);
		seen |= expand_one(to - 4, from - 4 * SIZE);
	}
	if (seen & ~(uint32_t)USUAL)
		translate(events, n);
}

int
cmio__epoll_deliver(struct cmio_poll *poll, struct cmio_event *events, int n)
{
	/* One event is what most waits bring. */
	if (n != 1)
		cmio__epoll_expand(events, events, n);
	else if (expand_one(events, (const char *)events) & ~(uint32_t)USUAL)
		translate(events, 1);
	return cmio__user_events_never(poll) ? n :
	    cmio__epoll_deliver_user_events(poll, events, n);
}
