/* SPDX-License-Identifier: MIT */
/*
 * What epoll(7) is asked for, and what its events mean.
 */
#ifndef CMIO_EPOLL_EVENTS_H
#define CMIO_EPOLL_EVENTS_H

#include <sys/epoll.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "port/api.h"
#include "selector/selector.h"

enum {
	PACKED = sizeof(struct epoll_event) == 12 &&
	    sizeof(struct cmio_event) == 16,
	SIZE = sizeof(struct epoll_event),
	/* What cmio__epoll_ready() leaves as it is. */
	USUAL = EPOLLIN | EPOLLOUT
};
_Static_assert(EPOLLIN == CMIO_READABLE && EPOLLOUT == CMIO_WRITABLE &&
    EPOLLPRI == CMIO_PRIORITY && EPOLLIN == 1,
    "the common translation is none");

/*
 * The kernel's bits for an interest, CMIO_EXCLUSIVE aside.
 *
 * A pipe and a TCP socket never say WRBAND, other sockets say it whenever
 * they say OUT: so it tells a pipe that nobody reads (OUT, ERR) from an
 * error that waits on a datagram socket (OUT, WRBAND, ERR).
 */
static inline uint32_t
cmio__epoll_bits(unsigned int interest)
{
	uint32_t bits = interest & DIRECTIONS;

	bits |= (interest & CMIO_READABLE) * EPOLLRDHUP;
	bits |= (interest & CMIO_WRITABLE) / CMIO_WRITABLE * EPOLLWRBAND;
	bits |= (interest & CMIO_ONESHOT) / CMIO_ONESHOT * EPOLLONESHOT;
	if ((interest & (CMIO_ONESHOT | CMIO_LEVEL)) == 0)
		bits |= EPOLLET;
	return bits;
}

/* The readiness that the kernel's bits stand for. */
uint32_t	cmio__epoll_ready(uint32_t bits);

/* All bits of some events in the first word, and what else is there. */
struct epoll_bits_seen {
	uint32_t	words[4];
};

/*
 * One event of the kernel's becomes the caller's, readiness untranslated.
 * As four words it is a load, a shuffle and a store where the kernel's
 * structure is packed, on x86-64; that reads four bytes past it.
 */
static inline void
cmio__epoll_expand_one(struct cmio_event *to, const char *from,
    struct epoll_bits_seen *seen)
{
	struct epoll_event found;
	uint32_t words[4];
	int i;

	if (PACKED) {
		memcpy(words, from, sizeof(words));
		for (i = 0; i < 4; i++)
			seen->words[i] |= words[i];
		memcpy(to, (uint32_t[]){ words[1], words[2], words[0],
		    words[0] }, sizeof(words));
		return;
	}
	memcpy(&found, from, sizeof(found));
	*to = (struct cmio_event){
		.token = (uintptr_t)found.data.u64,
		.ready = found.events,
		.native = found.events,
	};
	seen->words[0] |= found.events;
}

/* The token of the first of the kernel's events. */
static inline uint64_t
cmio__epoll_token(const void *found)
{
	uint64_t token;

	memcpy(&token, (const char *)found + offsetof(struct epoll_event,
	    data), sizeof(token));
	return token;
}

/* Expands one event in place, where its readiness is usual. */
static inline bool
cmio__epoll_expand_usual(struct cmio_event *event)
{
	struct epoll_bits_seen seen = { 0 };
	uint32_t bits;

	memcpy(&bits, (const char *)event + offsetof(struct epoll_event,
	    events), sizeof(bits));
	if (bits & ~(uint32_t)USUAL)
		return false;
	cmio__epoll_expand_one(event, (const char *)event, &seen);
	return true;
}

static inline void
cmio__epoll_expand_two(struct cmio_event *to, const char *from,
    struct epoll_bits_seen *seen)
{
	cmio__epoll_expand_one(to + 1, from + SIZE, seen);
	cmio__epoll_expand_one(to, from, seen);
}

/* Readiness from what the kernel said, where some is unusual; returns n. */
int	cmio__epoll_translate(struct cmio_event *events, int n);

/*
 * Turns n of the kernel's events into the caller's, and returns n.  Both may
 * be the same memory: going backwards, nothing is overwritten before it was
 * read.  Most of the work is done four at a time, as a turn of a loop costs
 * nearly as much as an event.
 */
static inline int
cmio__epoll_expand_inline(struct cmio_event *events, const void *found, int n)
{
	struct epoll_bits_seen seen = { 0 };
	struct cmio_event *to = events + n;
	const char *from = (const char *)found + (ptrdiff_t)n * SIZE;

	if (n & 1)
		cmio__epoll_expand_one(--to, from -= SIZE, &seen);
	if (n & 2)
		cmio__epoll_expand_two(to -= 2, from -= 2 * SIZE, &seen);
	while (to != events) {
		to -= 4;
		from -= 4 * SIZE;
		cmio__epoll_expand_two(to + 2, from + 2 * SIZE, &seen);
		cmio__epoll_expand_two(to, from, &seen);
	}
	if (seen.words[0] & ~(uint32_t)USUAL)
		return cmio__epoll_translate(events, n);
	return n;
}

int	cmio__epoll_expand(struct cmio_event *events, const void *found,
	    int n);

/*
 * The same in place, and what follows: what the public wait returns where
 * the kernel's with these arguments has returned n, which is not 0.  The
 * second is what is left to do after cmio__epoll_expand(), for a poll that
 * has had user events.
 */
int	cmio__epoll_deliver(struct cmio_poll *poll, struct cmio_event *events,
	    int n, int nevents, int timeout);
int	cmio__epoll_deliver_user_events(struct cmio_poll *poll,
	    struct cmio_event *events, int n, int nevents, int timeout);

#endif
