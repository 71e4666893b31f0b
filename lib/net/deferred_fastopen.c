/* SPDX-License-Identifier: MIT */
/*
 * deferred.h for Linux.  With the option connect(2) returns 0 without having
 * sent anything, if the peer has given a cookie before.  The kernel calls the
 * socket writable then; one whose connection is in progress is not.
 */
#include "config.h"

#include <poll.h>

#include "net/deferred.h"
#include "port/ppoll.h"

bool
cmio__is_deferred(cmio_fd fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return cmio__option(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT) == 1 &&
	    cmio__ppoll(&p, 1, 0) == 1 && p.revents == POLLOUT;
}
