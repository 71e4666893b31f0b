/* SPDX-License-Identifier: MIT */
/*
 * What epoll(7) is asked for, and what its answer means: functions of their
 * arguments alone.
 */
#ifndef CMIO_EPOLL_EVENTS_H
#define CMIO_EPOLL_EVENTS_H

#include <sys/epoll.h>

#include <stdbool.h>
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
 * What HUP and ERR say of writing depends on what the descriptor is, and an
 * event does not tell that.  So WRNORM, which pipes and terminals report
 * whenever they report OUT, is asked for if the descriptor is no socket.
 */
static inline uint32_t
cmio__epoll_bits(unsigned int interest, bool is_socket)
{
	uint32_t bits = interest & DIRECTIONS;

	bits |= (interest & CMIO_READABLE) * EPOLLRDHUP;
	if ((interest & CMIO_WRITABLE) != 0 && !is_socket)
		bits |= EPOLLWRNORM;
	bits |= (interest & CMIO_ONESHOT) / CMIO_ONESHOT * EPOLLONESHOT;
	if ((interest & (CMIO_ONESHOT | CMIO_LEVEL)) == 0)
		bits |= EPOLLET;
	return bits;
}

/* The readiness that the kernel's bits stand for. */
uint32_t	cmio__epoll_ready(uint32_t bits);

#endif
