/* SPDX-License-Identifier: MIT */
/* The translation of epoll/bits.h. */
#include "config.h"

#include <sys/epoll.h>

#include <stdint.h>

#include "port/api.h"
#include "selector/epoll/bits.h"
#include "selector/selector.h"

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
