/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing: one system call each.  After EAGAIN, or if a stream has
 * moved fewer bytes than it was asked to, the source is rearmed in that
 * direction.
 *
 * Sockets are written to by send(2), which can be told to raise no SIGPIPE,
 * pipes by write(2), and what came from elsewhere by the one that it takes.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/io.h"
#include "net/net.h"
#include "port/result.h"

ssize_t
cmio_read(struct cmio_source *source, void *buf, size_t len)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__end_moved(source, CMIO_READABLE,
	    cmio__sys_read(source, buf, len), len);
}

ssize_t
cmio_write(struct cmio_source *source, const void *buf, size_t len)
{
	ssize_t n;

	if (source == NULL)
		return cmio__result(-EINVAL);
	if (cmio__way(source) & (KIND_PIPE | KIND_OTHER))
		n = cmio__sys_write(source, buf, len);
	else {
		cmio__before_send(source);
		n = cmio__sys_sendto(source->fd, buf, len,
		    CMIO_SEND_FLAGS, NULL, 0);
		if (n == -1 && errno == ENOTSOCK)
			n = cmio__sys_write(source, buf, len);
	}
	return cmio__end_moved(source, CMIO_WRITABLE, n, len);
}

size_t
cmio__vector_len(ssize_t n, const struct iovec *iov, int iovcnt)
{
	size_t len = 0;
	int i;

	for (i = 0; n > 0 && i < iovcnt; i++) {
		if (iov[i].iov_len > SIZE_MAX - len)
			return SIZE_MAX;
		len += iov[i].iov_len;
	}
	return len;
}

/* How many buffers are given to the kernel, or a negative errno number. */
static int
cut(const struct cmio_source *source, int iovcnt)
{
	if (source == NULL || iovcnt < 0)
		return -EINVAL;
	return iovcnt < CMIO_IOV_MAX ? iovcnt : CMIO_IOV_MAX;
}

/*
 * Whether there is nothing to move, on a socket with datagrams.  There some
 * systems would send an empty datagram, or discard one.
 */
static bool
no_datagram(const struct cmio_source *source, const struct iovec *iov,
    int iovcnt)
{
	return (source->kind & (KIND_PIPE | KIND_OTHER | KIND_STREAM)) == 0 &&
	    (iovcnt == 0 ||
	    (iov != NULL && cmio__vector_len(1, iov, iovcnt) == 0)) &&
	    cmio__option(source->fd, SOL_SOCKET, SO_TYPE) >= 0;
}

ssize_t
cmio_readv(struct cmio_source *source, const struct iovec *iov, int iovcnt)
{
	ssize_t n;

	iovcnt = cut(source, iovcnt);
	if (iovcnt < 0)
		return cmio__result(iovcnt);
	if (no_datagram(source, iov, iovcnt))
		return 0;
	/* BSD refuses a count of 0, and Linux does not. */
	if (iovcnt == 0)
		return cmio_read(source, NULL, 0);
	n = cmio__sys_readv(source, iov, iovcnt);
	return cmio__end_moved(source, CMIO_READABLE, n,
	    cmio__vector_len(n, iov, iovcnt));
}

ssize_t
cmio_writev(struct cmio_source *source, const struct iovec *iov, int iovcnt)
{
	ssize_t n;

	iovcnt = cut(source, iovcnt);
	if (iovcnt < 0)
		return cmio__result(iovcnt);
	if (no_datagram(source, iov, iovcnt))
		return 0;
	if (iovcnt == 0)
		return cmio_write(source, NULL, 0);
	if (cmio__way(source) & (KIND_PIPE | KIND_OTHER))
		n = cmio__sys_writev(source, iov, iovcnt);
	else {
		cmio__before_send(source);
		n = cmio__sys_sendv(source->fd, iov, iovcnt,
		    CMIO_SEND_FLAGS);
		if (n == -1 && errno == ENOTSOCK)
			n = cmio__sys_writev(source, iov, iovcnt);
	}
	return cmio__end_moved(source, CMIO_WRITABLE, n,
	    cmio__vector_len(n, iov, iovcnt));
}

ssize_t
cmio_recv(struct cmio_source *source, void *buf, size_t len, int flags)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__end_recv(source, flags, cmio__sys_recvfrom(source->fd,
	    buf, len, flags, NULL, NULL), len);
}

ssize_t
cmio_send(struct cmio_source *source, const void *buf, size_t len, int flags)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	cmio__before_send(source);
	return cmio__end_moved(source, CMIO_WRITABLE,
	    cmio__sys_sendto(source->fd, buf, len,
	    flags | CMIO_SEND_FLAGS, NULL, 0), len);
}

ssize_t
cmio_recvfrom(struct cmio_source *source, void *buf, size_t len, int flags,
    struct cmio_addr *from)
{
	socklen_t from_len;
	ssize_t n;

	if (from == NULL)
		return cmio_recv(source, buf, len, flags);
	if (source == NULL)
		return cmio__result(-EINVAL);
	from_len = sizeof(from->ss);
	n = cmio__sys_recvfrom(source->fd, buf, len, flags,
	    (struct sockaddr *)&from->ss, &from_len);
	if (n != -1)
		cmio__addr_filled(from, from_len);
	return cmio__end_recv(source, flags, n, len);
}

ssize_t
cmio_sendto(struct cmio_source *source, const void *buf, size_t len,
    int flags, const struct cmio_addr *to)
{
	if (to == NULL)
		return cmio_send(source, buf, len, flags);
	if (source == NULL || !cmio__addr_ok(to))
		return cmio__result(-EINVAL);
	cmio__before_send(source);
	return cmio__end_moved(source, CMIO_WRITABLE,
	    cmio__sys_sendto(source->fd, buf, len,
	    flags | CMIO_SEND_FLAGS, (const struct sockaddr *)&to->ss,
	    to->len), len);
}
