/* SPDX-License-Identifier: MIT */
/*
 * How reading and writing begin and end, whatever the call in between.
 */
#ifndef CMIO_NET_IO_H
#define CMIO_NET_IO_H

#include <errno.h>

#include "net/net.h"
#include "port/nosigpipe.h"

/* What an operation in these directions returns to the caller. */
static inline ssize_t
cmio__end(struct cmio_source *source, unsigned int directions, ssize_t n)
{
	if (n == -1 && cmio__is_would_block(errno)) {
		errno = EAGAIN;
		cmio__rearm(source, directions);
	}
	return n;
}

/* EINVAL for out-of-band data says that there is none now. */
static inline ssize_t
cmio__end_recv(struct cmio_source *source, int flags, ssize_t n)
{
	if (n == -1 && (flags & MSG_OOB) != 0 && errno == EINVAL)
		cmio__rearm(source, CMIO_READABLE);
	return cmio__end(source, CMIO_READABLE, n);
}

/* A socket from elsewhere is silenced here where no flag does it. */
static inline void
cmio__before_send(const struct cmio_source *source)
{
	if (CMIO_SEND_FLAGS == 0 && cmio__way(source) == 0)
		cmio__nosigpipe(source->fd);
}

#endif
