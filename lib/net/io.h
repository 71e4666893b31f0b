/* SPDX-License-Identifier: MIT */
/*
 * What all functions that read or write do before and after the system call.
 */
#ifndef CMIO_NET_IO_H
#define CMIO_NET_IO_H

#include <errno.h>

#include "net/net.h"
#include "port/nosigpipe.h"

/*
 * Rearms after EAGAIN, and converts the result to -1 and errno.  EINPROGRESS
 * is what Linux says of TCP Fast Open if it could not send the data yet.
 */
static inline ssize_t
cmio__end(struct cmio_source *source, unsigned int directions, ssize_t n)
{
	if (n == -1 && cmio__is_would_block(errno)) {
		errno = EAGAIN;
		cmio__rearm(source, directions);
	} else if (n == -1 && errno == EINPROGRESS)
		cmio__rearm(source, directions);
	return n;
}

/*
 * The same after a call that was to move len bytes.  On a stream fewer count as
 * EAGAIN, but 0: that is the end.
 */
static inline ssize_t
cmio__end_moved(struct cmio_source *source, unsigned int directions,
    ssize_t n, size_t len)
{
	if (n > 0 && (size_t)n < len && (source->kind & KIND_STREAM) != 0)
		cmio__rearm(source, directions);
	return cmio__end(source, directions, n);
}

/*
 * The bytes of a vector, if the kernel has moved n of them and has thus read
 * it, or else 0.
 */
size_t	cmio__vector_len(ssize_t n, const struct iovec *iov, int iovcnt);

/* For out-of-band data EINVAL means that there are none now. */
static inline ssize_t
cmio__end_recv(struct cmio_source *source, int flags, ssize_t n, size_t len)
{
	if (n == -1 && (flags & MSG_OOB) != 0 && errno == EINVAL)
		cmio__rearm(source, CMIO_READABLE);
	/* With these flags a short transfer says nothing of what is left. */
	if ((flags & (MSG_OOB | MSG_PEEK | MSG_WAITALL)) != 0)
		return cmio__end(source, CMIO_READABLE, n);
	return cmio__end_moved(source, CMIO_READABLE, n, len);
}

/* For other libraries' sockets, if send(2) has no flag against SIGPIPE. */
static inline void
cmio__before_send(const struct cmio_source *source)
{
	if (CMIO_SEND_FLAGS == 0 && cmio__way(source) == 0)
		cmio__nosigpipe(source->fd);
}

#endif
