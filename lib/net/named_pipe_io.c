/* SPDX-License-Identifier: MIT */
/*
 * Reading from a named pipe and writing to it, without blocking.
 *
 * A read asks first how much there is, and takes no more.  A write goes to
 * the pipe's own buffer and ends later.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/named_pipe.h"
#include "port/error_windows.h"

/* What an operation returns while there is no peer. */
static int
not_connected(const struct pipe *p)
{
	return p->peer == PEER_WANTED ? -EAGAIN : -ENOTCONN;
}

/*
 * Reads what is there already.  If another thread has taken that, the read is
 * cancelled.  The low bit of the event keeps the packet from the port.
 */
static int
read_now(struct pipe *p, void *buf, size_t len, bool *more)
{
	OVERLAPPED overlapped = { .hEvent = (HANDLE)((uintptr_t)p->event | 1) };
	DWORD n, error = ERROR_SUCCESS;

	if (len > INT32_MAX)
		len = INT32_MAX;
	if (!ReadFile(p->reader, buf, (DWORD)len, NULL, &overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		CancelIoEx(p->reader, &overlapped);
	else if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA)
		return cmio__pipe_is_end(error) ? 0 :
		    cmio__windows_error(error);
	error = ERROR_SUCCESS;
	if (!GetOverlappedResult(p->reader, &overlapped, &n, TRUE))
		error = GetLastError();
	*more = error == ERROR_MORE_DATA;
	if (error == ERROR_SUCCESS || error == ERROR_MORE_DATA)
		return (int)n;
	if (error == ERROR_OPERATION_ABORTED)
		return -EAGAIN;
	return cmio__pipe_is_end(error) ? 0 : cmio__windows_error(error);
}

/* A vector is filled from one message, or from all the bytes there are. */
static ssize_t
read_vector(struct pipe *p, const struct iovec *iov, int iovcnt, int left)
{
	ssize_t total = 0;
	bool more = true;
	int i, n;

	for (i = 0; i < iovcnt && left > 0 && more; i++) {
		if (iov[i].iov_len == 0)
			continue;
		n = read_now(p, iov[i].iov_base, iov[i].iov_len, &more);
		if (n < 0)
			return total > 0 ? total : n;
		total += n;
		left -= n;
		if ((size_t)n < iov[i].iov_len)
			break;
		more = more || !p->message;
	}
	return total;
}

/* How many bytes can be read now, or what the read returns instead. */
static int
readable_now(struct pipe *p)
{
	int n;

	if ((p->directions & CMIO_READABLE) == 0)
		return -EBADF;
	if (!cmio__pipe_has_peer(p))
		return not_connected(p);
	n = cmio__pipe_available(p->reader);
	return n == 0 ? -EAGAIN : n;
}

ssize_t
cmio__pipe_readv(struct endpoint *endpoint, const struct iovec *iov,
    int iovcnt)
{
	struct pipe *p = (struct pipe *)endpoint;
	ssize_t rc;
	int n;

	cmio__lock(&p->lock);
	n = readable_now(p);
	if (n > 0)
		rc = read_vector(p, iov, iovcnt, n);
	else
		rc = n == -EPIPE ? 0 : n;
	cmio__unlock(&p->lock);
	return rc;
}

static size_t
length(const struct iovec *iov, int iovcnt)
{
	size_t total = 0;
	int i;

	for (i = 0; i < iovcnt; i++) {
		if (iov[i].iov_len > INT32_MAX - total)
			return INT32_MAX;
		total += iov[i].iov_len;
	}
	return total;
}

/* Returns how many bytes fit. */
static size_t
gather(struct pipe *p, const struct iovec *iov, int iovcnt)
{
	size_t at = 0, n;
	int i;

	for (i = 0; i < iovcnt && at < p->room; i++) {
		n = iov[i].iov_len;
		if (n == 0)
			continue;
		if (n > p->room - at)
			n = p->room - at;
		memcpy(p->buffer + at, iov[i].iov_base, n);
		at += n;
	}
	return at;
}

static int
write_buffer(struct pipe *p, size_t n)
{
	OVERLAPPED *overlapped = &p->write.base.overlapped;
	DWORD error = ERROR_IO_PENDING;

	memset(overlapped, 0, sizeof(*overlapped));
	overlapped->hEvent = p->written;
	p->write.in_flight = true;
	p->write.generation = p->generation;
	if (!WriteFile(cmio__pipe_handle(p), p->buffer, (DWORD)n, NULL,
	    overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		return (int)n;
	p->write.in_flight = false;
	if (!cmio__pipe_is_end(error))
		return cmio__windows_error(error);
	p->peer = PEER_GONE;
	return -EPIPE;
}

/* Whether a write may begin.  Without a port no packet would end it. */
static int
check_write(struct pipe *p)
{
	int rc = p->write_error;

	if ((p->directions & CMIO_WRITABLE) == 0)
		return -EBADF;
	p->write_error = 0;
	if (rc != 0)
		return rc;
	if (!cmio__pipe_has_peer(p))
		return not_connected(p);
	return p->write.in_flight || p->port != PORT_JOINED ? -EAGAIN : 0;
}

/* A message is written as one; of bytes, as many as fit. */
static int
write_vector(struct pipe *p, const struct iovec *iov, int iovcnt)
{
	size_t len = length(iov, iovcnt);
	int rc;

	rc = check_write(p);
	if (rc != 0)
		return rc;
	if (len == 0 && !p->message)
		return 0;
	if (len > p->room && p->message)
		return -EMSGSIZE;
	return write_buffer(p, gather(p, iov, iovcnt));
}

ssize_t
cmio__pipe_writev(struct endpoint *endpoint, const struct iovec *iov,
    int iovcnt)
{
	struct pipe *p = (struct pipe *)endpoint;
	int rc;

	cmio__lock(&p->lock);
	rc = write_vector(p, iov, iovcnt);
	cmio__unlock(&p->lock);
	return rc;
}
