/* SPDX-License-Identifier: MIT */
/* The translation of epoll/bits.h. */
#include "config.h"

#include <sys/epoll.h>

#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/epoll/bits.h"
#include "selector/selector.h"

/*
 * Which directions are closed.
 *
 * A pipe that nobody writes any more reports HUP, one that nobody reads ERR.
 * A socket that hangs up reports OUT too if that was asked for, or else
 * RDHUP; its ERR alone may be a completion of MSG_ZEROCOPY or another entry
 * of its error queue, and closes nothing.  A terminal reports HUP while its
 * other side is closed, when it can still be written to, and HUP and ERR when
 * it is gone.
 */
static uint32_t
closed(uint32_t bits)
{
	bool is_socket = (bits & EPOLLWRNORM) == 0;
	uint32_t ready = 0;

	if (bits & (EPOLLRDHUP | EPOLLHUP))
		ready |= CMIO_READ_CLOSED;
	if (is_socket) {
		if ((bits & EPOLLHUP) && (bits & (EPOLLOUT | EPOLLRDHUP)))
			ready |= CMIO_WRITE_CLOSED;
	} else if (bits & EPOLLERR)
		ready |= CMIO_WRITE_CLOSED;
	return ready;
}

uint32_t
cmio__epoll_ready(uint32_t bits)
{
	uint32_t ready = closed(bits);

	if (bits & EPOLLIN)
		ready |= CMIO_READABLE;
	if (bits & EPOLLOUT)
		ready |= CMIO_WRITABLE;
	if (bits & EPOLLPRI)
		ready |= CMIO_PRIORITY | CMIO_READABLE;
	if (bits & EPOLLRDHUP)
		ready |= CMIO_READABLE;
	if (bits & (EPOLLHUP | EPOLLERR))
		ready |= CMIO_READABLE | CMIO_WRITABLE;
	if (bits & EPOLLERR)
		ready |= CMIO_ERROR;
	return ready;
}
