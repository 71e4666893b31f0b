/* SPDX-License-Identifier: MIT */
/*
 * What epoll(7) is asked for, and what its answer means: functions of their
 * arguments alone.
 */
#ifndef CMIO_EPOLL_EVENTS_H
#define CMIO_EPOLL_EVENTS_H

#include <sys/epoll.h>

#include <stdint.h>

#include "port/api.h"
#include "selector/selector.h"

/* The bits that mean the same in both, so that they need no translation. */
enum { SAME_BITS = EPOLLIN | EPOLLOUT };
_Static_assert(EPOLLIN == CMIO_READABLE && EPOLLOUT == CMIO_WRITABLE &&
    EPOLLPRI == CMIO_PRIORITY && EPOLLIN == 1,
    "the common bits need no translation");

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

#endif
