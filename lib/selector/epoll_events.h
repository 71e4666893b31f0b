/* SPDX-License-Identifier: MIT */
/*
 * What epoll(7) is asked for, and what its events mean.
 */
#ifndef CMIO_EPOLL_EVENTS_H
#define CMIO_EPOLL_EVENTS_H

#include <sys/epoll.h>

#include <stdint.h>

#include "port/api.h"

/* The kernel's bits for an interest, CMIO_EXCLUSIVE aside. */
uint32_t	cmio__epoll_bits(unsigned int interest);

/* The readiness that the kernel's bits stand for. */
uint32_t	cmio__epoll_ready(uint32_t bits);

/*
 * Turns n of the kernel's events into the caller's.  Both may be the same
 * memory.
 */
void	cmio__epoll_expand(struct cmio_event *events, const void *found,
	    int n);

/*
 * The same in place, and what follows: returns n, or what the second returns
 * where the poll has had user events.
 */
int	cmio__epoll_deliver(struct cmio_poll *poll, struct cmio_event *events,
	    int n);
int	cmio__epoll_deliver_user_events(struct cmio_poll *poll,
	    struct cmio_event *events, int n);

#endif
