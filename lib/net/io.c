/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing: one system call each, and after EAGAIN the source is
 * rearmed in the direction that has to be waited for.
 *
 * Sockets are written to by send(2), which can be told to raise no SIGPIPE,
 * pipes by write(2), and what came from elsewhere by the one that it takes.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "net/net.h"
#include "port/nosigpipe.h"
#include "port/result.h"

/* What an operation in these directions returns to the caller. */
static ssize_t
end(struct cmio_source *source, unsigned int directions, ssize_t n)
{
	if (n == -1 && cmio__is_would_block(errno)) {
		errno = EAGAIN;
		cmio__rearm(source, directions);
	}
	return n;
}

/* EINVAL for out-of-band data says that there is none now. */
static ssize_t
end_recv(struct cmio_source *source, int flags, ssize_t n)
{
	if (n == -1 && (flags & MSG_OOB) != 0 && errno == EINVAL)
		cmio__rearm(source, CMIO_READABLE);
	return end(source, CMIO_READABLE, n);
}

/* A socket from elsewhere is silenced here where no flag does it. */
static void
before_send(const struct cmio_source *source)
{
	if (CMIO_SEND_FLAGS == 0 && cmio__way(source) == 0)
		cmio__nosigpipe(source->fd);
}

ssize_t
cmio_read(struct cmio_source *source, void *buf, size_t len)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return end(source, CMIO_READABLE, read(source->fd, buf, len));
}

ssize_t
cmio_write(struct cmio_source *source, const void *buf, size_t len)
{
	ssize_t n;

	if (source == NULL)
		return cmio__result(-EINVAL);
	if (cmio__way(source) == KIND_PIPE)
		n = write(source->fd, buf, len);
	else {
		before_send(source);
		n = send(source->fd, buf, len, CMIO_SEND_FLAGS);
		if (n == -1 && errno == ENOTSOCK)
			n = write(source->fd, buf, len);
	}
	return end(source, CMIO_WRITABLE, n);
}

/* How many buffers are given to the kernel, or a negative errno number. */
static int
cut(const struct cmio_source *source, int iovcnt)
{
	if (source == NULL || iovcnt < 0)
		return -EINVAL;
	return iovcnt < CMIO_IOV_MAX ? iovcnt : CMIO_IOV_MAX;
}

ssize_t
cmio_readv(struct cmio_source *source, const struct iovec *iov, int iovcnt)
{
	iovcnt = cut(source, iovcnt);
	if (iovcnt < 0)
		return cmio__result(iovcnt);
	/* BSD refuses a count of 0, and Linux does not. */
	if (iovcnt == 0)
		return cmio_read(source, NULL, 0);
	return end(source, CMIO_READABLE, readv(source->fd, iov, iovcnt));
}

static ssize_t
send_vector(const struct cmio_source *source, const struct iovec *iov,
    int iovcnt)
{
	struct msghdr msg = { 0 };

	/* The kernel only reads what the vector says. */
	msg.msg_iov = (struct iovec *)(uintptr_t)iov;
	msg.msg_iovlen = iovcnt;
	before_send(source);
	return sendmsg(source->fd, &msg, CMIO_SEND_FLAGS);
}

ssize_t
cmio_writev(struct cmio_source *source, const struct iovec *iov, int iovcnt)
{
	ssize_t n;

	iovcnt = cut(source, iovcnt);
	if (iovcnt < 0)
		return cmio__result(iovcnt);
	if (iovcnt == 0)
		return cmio_write(source, NULL, 0);
	if (cmio__way(source) == KIND_PIPE)
		n = writev(source->fd, iov, iovcnt);
	else {
		n = send_vector(source, iov, iovcnt);
		if (n == -1 && errno == ENOTSOCK)
			n = writev(source->fd, iov, iovcnt);
	}
	return end(source, CMIO_WRITABLE, n);
}

ssize_t
cmio_recv(struct cmio_source *source, void *buf, size_t len, int flags)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return end_recv(source, flags, recv(source->fd, buf, len, flags));
}

ssize_t
cmio_send(struct cmio_source *source, const void *buf, size_t len, int flags)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	before_send(source);
	return end(source, CMIO_WRITABLE,
	    send(source->fd, buf, len, flags | CMIO_SEND_FLAGS));
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
	n = recvfrom(source->fd, buf, len, flags,
	    (struct sockaddr *)&from->ss, &from_len);
	if (n != -1)
		cmio__addr_filled(from, from_len);
	return end_recv(source, flags, n);
}

ssize_t
cmio_sendto(struct cmio_source *source, const void *buf, size_t len,
    int flags, const struct cmio_addr *to)
{
	if (to == NULL)
		return cmio_send(source, buf, len, flags);
	if (source == NULL || !cmio__addr_ok(to))
		return cmio__result(-EINVAL);
	before_send(source);
	return end(source, CMIO_WRITABLE, sendto(source->fd, buf, len,
	    flags | CMIO_SEND_FLAGS, (const struct sockaddr *)&to->ss,
	    to->len));
}

ssize_t
cmio_recvmsg(struct cmio_source *source, struct msghdr *msg, int flags)
{
	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	return end_recv(source, flags, recvmsg(source->fd, msg, flags));
}

ssize_t
cmio_sendmsg(struct cmio_source *source, const struct msghdr *msg, int flags)
{
	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	before_send(source);
	return end(source, CMIO_WRITABLE,
	    sendmsg(source->fd, msg, flags | CMIO_SEND_FLAGS));
}
