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

enum {
	PACKED = sizeof(struct epoll_event) == 12 &&
	    sizeof(struct cmio_event) == 16,
	SIZE = sizeof(struct epoll_event),
	/* What cmio__epoll_ready() leaves as it is. */
	USUAL = EPOLLIN | EPOLLOUT
};
_Static_assert(EPOLLIN == CMIO_READABLE && EPOLLOUT == CMIO_WRITABLE,
    "the common translation is none");

/* The kernel's bits for an interest, CMIO_EXCLUSIVE aside. */
uint32_t	cmio__epoll_bits(unsigned int interest);

/* The readiness that the kernel's bits stand for. */
uint32_t	cmio__epoll_ready(uint32_t bits);

/*
 * One event of the kernel's becomes the caller's, readiness untranslated.
 * As four words it is a load, a shuffle and a store where the kernel's
 * structure is packed, on x86-64; that reads four bytes past it.
 */
static inline uint32_t
cmio__epoll_expand_one(struct cmio_event *to, const char *from)
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

/* The same for one event in place, where its readiness is usual. */
static inline bool
cmio__epoll_expand_usual(struct cmio_event *event)
{
	uint32_t bits;

	memcpy(&bits, (const char *)event + offsetof(struct epoll_event,
	    events), sizeof(bits));
	if (bits & ~(uint32_t)USUAL)
		return false;
	cmio__epoll_expand_one(event, (const char *)event);
	return true;
}

/*
 * Turns n of the kernel's events into the caller's, and returns n.  Both may
 * be the same memory.
 */
int	cmio__epoll_expand(struct cmio_event *events, const void *found,
	    int n);

/*
 * The same in place, and what follows: what the public wait returns where
 * the kernel's with these arguments has returned n, which is not 0.  The
 * second is for a poll that has had user events, after the first.
 */
int	cmio__epoll_deliver(struct cmio_poll *poll, struct cmio_event *events,
	    int n, int nevents, int timeout);
int	cmio__epoll_deliver_user_events(struct cmio_poll *poll,
	    struct cmio_event *events, int n, int nevents, int timeout);

#endif
