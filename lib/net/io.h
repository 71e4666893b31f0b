/* SPDX-License-Identifier: MIT */
/*
 * What all functions that read or write do before and after the system call.
 */
#ifndef CMIO_NET_IO_H
#define CMIO_NET_IO_H

#include <errno.h>

#include "net/net.h"
#include "port/nosigpipe.h"

/* Rearms after EAGAIN, and converts the result to -1 and errno. */
static inline ssize_t
cmio__end(struct cmio_source *source, unsigned int directions, ssize_t n)
{
	if (n == -1 && cmio__is_would_block(errno)) {
		errno = EAGAIN;
		cmio__rearm(source, directions);
	}
	return n;
}

/* For out-of-band data EINVAL means that there are none now. */
static inline ssize_t
cmio__end_recv(struct cmio_source *source, int flags, ssize_t n)
{
	if (n == -1 && (flags & MSG_OOB) != 0 && errno == EINVAL)
		cmio__rearm(source, CMIO_READABLE);
	return cmio__end(source, CMIO_READABLE, n);
}

/* For other libraries' sockets, if send(2) has no flag against SIGPIPE. */
static inline void
cmio__before_send(const struct cmio_source *source)
{
	if (CMIO_SEND_FLAGS == 0 && cmio__way(source) == 0)
		cmio__nosigpipe(source->fd);
}

#endif
