/* SPDX-License-Identifier: MIT */
/*
 * The system calls of calls.h by Winsock.  This is the one place where its
 * errors become errno for libcmio-net.
 */
#include "config.h"

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "port/calls.h"
#include "port/endpoint.h"
#include "port/error_windows.h"
#include "port/kind.h"
#include "port/result.h"
#include "port/winsock.h"

static int
end(cmio_fd fd, int rc)
{
	return rc == SOCKET_ERROR ? cmio__result(cmio__socket_error(fd)) : rc;
}

/* An address whose length is wrong is to Winsock one that it cannot read. */
static int
end_addr(cmio_fd fd, int rc)
{
	rc = end(fd, rc);
	if (rc == -1 && errno == EFAULT)
		errno = EINVAL;
	return rc;
}

int
cmio__sys_close(cmio_fd fd, unsigned int kind)
{
	int rc;

	if (kind & KIND_ENDPOINT)
		return CloseHandle((HANDLE)fd) ? 0 :
		    cmio__result(cmio__last_error());
	rc = end(fd, closesocket(fd));
	if (rc == 0 && (kind & KIND_SOCKET) != 0)
		cmio__winsock_stop();
	return rc;
}

int
cmio__sys_bind(cmio_fd fd, const struct sockaddr *sa, socklen_t len)
{
	return end_addr(fd, bind(fd, sa, len));
}

int
cmio__sys_listen(cmio_fd fd, int backlog)
{
	return end(fd, listen(fd, backlog));
}

/* Winsock's word for a connection under way is "would block". */
int
cmio__sys_connect(cmio_fd fd, const struct sockaddr *sa, socklen_t len)
{
	int rc;

	rc = end_addr(fd, connect(fd, sa, len));
	if (rc == -1 && errno == EAGAIN)
		errno = EINPROGRESS;
	return rc;
}

int
cmio__sys_shutdown(cmio_fd fd, int how)
{
	return end(fd, shutdown(fd, how));
}

/* The address of a socket that has none yet: its family, and zeros. */
static int
no_name(cmio_fd fd, struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_storage none = { 0 };
	WSAPROTOCOL_INFOW info;
	int size = sizeof(info);
	socklen_t full = sizeof(struct sockaddr_in);

	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info,
	    &size) == SOCKET_ERROR)
		return end(fd, SOCKET_ERROR);
	none.ss_family = (ADDRESS_FAMILY)info.iAddressFamily;
	if (info.iAddressFamily == AF_INET6)
		full = sizeof(struct sockaddr_in6);
	memcpy(sa, &none, (size_t)(*len < full ? *len : full));
	*len = full;
	return 0;
}

int
cmio__sys_getsockname(cmio_fd fd, struct sockaddr *sa, socklen_t *len)
{
	int rc;

	rc = getsockname(fd, sa, len);
	if (rc == SOCKET_ERROR && WSAGetLastError() == WSAEINVAL)
		return no_name(fd, sa, len);
	return end(fd, rc);
}

int
cmio__sys_getpeername(cmio_fd fd, struct sockaddr *sa, socklen_t *len)
{
	return end(fd, getpeername(fd, sa, len));
}

/*
 * Where BSD has an option of a byte, as for multicast, Winsock has one of
 * four.
 */
int
cmio__sys_getsockopt(cmio_fd fd, int level, int name, void *value,
    socklen_t *len)
{
	DWORD number = 0;
	int size = sizeof(number), rc;

	if (*len != 1 && *len != sizeof(number))
		return end(fd, getsockopt(fd, level, name, value, len));
	rc = end(fd, getsockopt(fd, level, name, (char *)&number, &size));
	if (rc == -1)
		return rc;
	if (level == SOL_SOCKET && name == SO_ERROR && number != 0)
		number = (DWORD)-cmio__windows_error(number);
	memcpy(value, &number, (size_t)*len);
	return 0;
}

int
cmio__sys_setsockopt(cmio_fd fd, int level, int name, const void *value,
    socklen_t len)
{
	DWORD number;

	if (len != 1)
		return end(fd, setsockopt(fd, level, name, value, len));
	number = *(const unsigned char *)value;
	return end(fd, setsockopt(fd, level, name, (const char *)&number,
	    sizeof(number)));
}

static int
cut(size_t len)
{
	return len < INT_MAX ? (int)len : INT_MAX;
}

/* Nothing wanted of a stream is had at once. */
static bool
is_stream(cmio_fd fd)
{
	int type, size = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, (char *)&type, &size) ==
	    0 && type == SOCK_STREAM;
}

/* A datagram that was cut off is an error here, but as much as fits came. */
ssize_t
cmio__sys_recvfrom(cmio_fd fd, void *buf, size_t len, int flags,
    struct sockaddr *sa, socklen_t *sa_len)
{
	int n;

	n = recvfrom(fd, buf, cut(len), flags, sa, sa_len);
	if (n == SOCKET_ERROR && WSAGetLastError() == WSAEMSGSIZE)
		return cut(len);
	n = end(fd, n);
	if (n == -1 && errno == EAGAIN && len == 0 && is_stream(fd))
		return 0;
	return n;
}

ssize_t
cmio__sys_sendto(cmio_fd fd, const void *buf, size_t len, int flags,
    const struct sockaddr *sa, socklen_t sa_len)
{
	return end_addr(fd, sendto(fd, buf, cut(len), flags, sa, sa_len));
}

/* Returns how many bytes they hold, as many as one call may move. */
static size_t
to_buffers(WSABUF *buffers, const struct iovec *iov, int iovcnt)
{
	size_t all = 0, len;
	int i;

	for (i = 0; i < iovcnt; i++) {
		len = iov[i].iov_len;
		if (len > INT_MAX - all)
			len = INT_MAX - all;
		buffers[i].buf = iov[i].iov_base;
		buffers[i].len = (ULONG)len;
		all += len;
	}
	return all;
}

ssize_t
cmio__sys_sendv(cmio_fd fd, const struct iovec *iov, int iovcnt, int flags)
{
	WSABUF buffers[CMIO_IOV_MAX];
	DWORD n;

	to_buffers(buffers, iov, iovcnt);
	if (end(fd, WSASend(fd, buffers, (DWORD)iovcnt, &n, (DWORD)flags, NULL,
	    NULL)) == -1)
		return -1;
	return (ssize_t)n;
}

static ssize_t
recv_vector(cmio_fd fd, const struct iovec *iov, int iovcnt)
{
	WSABUF buffers[CMIO_IOV_MAX];
	DWORD flags = 0, n;
	size_t all;
	int rc;

	all = to_buffers(buffers, iov, iovcnt);
	rc = WSARecv(fd, buffers, (DWORD)iovcnt, &n, &flags, NULL, NULL);
	if (rc == SOCKET_ERROR && WSAGetLastError() == WSAEMSGSIZE)
		return (ssize_t)all;
	return end(fd, rc) == -1 ? -1 : (ssize_t)n;
}

ssize_t
cmio__sys_readv(const struct cmio_source *source, const struct iovec *iov,
    int iovcnt)
{
	struct endpoint *endpoint = cmio__endpoint(source);

	if (endpoint == NULL)
		return recv_vector(source->fd, iov, iovcnt);
	return cmio__result((int)endpoint->ops->readv(endpoint, iov,
	    iovcnt));
}

ssize_t
cmio__sys_writev(const struct cmio_source *source, const struct iovec *iov,
    int iovcnt)
{
	struct endpoint *endpoint = cmio__endpoint(source);

	if (endpoint == NULL)
		return cmio__sys_sendv(source->fd, iov, iovcnt, 0);
	return cmio__result((int)endpoint->ops->writev(endpoint, iov,
	    iovcnt));
}

ssize_t
cmio__sys_read(const struct cmio_source *source, void *buf, size_t len)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };

	if (source->kind & KIND_ENDPOINT)
		return cmio__sys_readv(source, &iov, 1);
	return cmio__sys_recvfrom(source->fd, buf, len, 0, NULL, NULL);
}

ssize_t
cmio__sys_write(const struct cmio_source *source, const void *buf,
    size_t len)
{
	struct iovec iov = {
		.iov_base = (void *)(uintptr_t)buf,
		.iov_len = len,
	};

	if (source->kind & KIND_ENDPOINT)
		return cmio__sys_writev(source, &iov, 1);
	return cmio__sys_sendto(source->fd, buf, len, 0, NULL, 0);
}

/*
 * Names of interfaces are in a library of their own, and are no part of an
 * address here: a zone is a number.
 */
unsigned int
cmio__sys_if_nametoindex(const char *name)
{
	(void)name;
	errno = ENXIO;
	return 0;
}

char *
cmio__sys_if_indextoname(unsigned int ifindex, char *name)
{
	(void)ifindex;
	(void)name;
	errno = ENXIO;
	return NULL;
}

/* SO_REUSEADDR would let others steal the port here, and is not needed. */
int
cmio__sys_reuse_address(cmio_fd fd)
{
	(void)fd;
	return 0;
}
