/* SPDX-License-Identifier: MIT */
/*
 * Sockets step by step: socket, bind, listen, accept, shut down, close.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>

#include "net/net.h"
#include "port/accept.h"
#include "port/endpoint.h"
#include "port/find_kind.h"
#include "port/flags.h"
#include "port/result.h"
#include "port/socket.h"

int
cmio__made(struct cmio_source *source, cmio_fd fd, unsigned int kind,
    int rc)
{
	if (rc < 0) {
		cmio__sys_close(fd, kind);
		return cmio__result(rc);
	}
	*source = (struct cmio_source){ .fd = fd, .kind = kind };
	return 0;
}

unsigned int
cmio__socket_kind(cmio_fd fd, int type)
{
	unsigned int kind = KIND_SOCKET;

	if (type == SOCK_STREAM)
		return KIND_SOCKET | KIND_STREAM;
	/* The type may have flags beside it: the kernel knows. */
	if (type != SOCK_DGRAM)
		cmio__find_kind(fd, &kind);
	return kind;
}

int
cmio_socket(struct cmio_source *source, int family, int type, int protocol)
{
	cmio_fd fd;
	int rc;

	if (source == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__socket(family, type, protocol, &fd);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__made(source, fd, cmio__socket_kind(fd, type), 0);
}

int
cmio__bind(cmio_fd fd, const struct cmio_addr *addr)
{
	if (cmio__sys_bind(fd, (const struct sockaddr *)&addr->ss,
	    addr->len) == -1)
		return -errno;
	return 0;
}

int
cmio_bind(struct cmio_source *source, const struct cmio_addr *addr)
{
	if (source == NULL || !cmio__addr_ok(addr))
		return cmio__result(-EINVAL);
	return cmio__result(cmio__bind(source->fd, addr));
}

/* Every kernel reduces the backlog to its maximum. */
int
cmio__listen(cmio_fd fd, int backlog)
{
	if (cmio__sys_listen(fd, backlog > 0 ? backlog : INT_MAX) == -1)
		return -errno;
	return 0;
}

/* If the socket is registered, a hang-up may have used up its event. */
int
cmio_listen(struct cmio_source *source, int backlog)
{
	int rc;

	if (source == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__listen(source->fd, backlog);
	if (rc == 0)
		cmio__rearm(source, BOTH_DIRECTIONS);
	return cmio__result(rc);
}

/* A connection is of the listener's kind. */
static unsigned int
accepted_kind(const struct cmio_source *listener, cmio_fd fd)
{
	if (cmio__way(listener) != 0)
		return cmio__way(listener);
	return cmio__socket_kind(fd, 0);
}

int
cmio_accept(struct cmio_source *listener, struct cmio_source *stream,
    struct cmio_addr *peer)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	cmio_fd fd;
	int rc;

	if (listener == NULL || stream == NULL)
		return cmio__result(-EINVAL);
	if (peer == NULL)
		rc = cmio__accept(listener->fd, NULL, NULL, &fd);
	else
		rc = cmio__accept(listener->fd, &ss, &len, &fd);
	if (rc != 0) {
		if (!cmio__is_would_block(-rc))
			return cmio__result(rc);
		cmio__rearm(listener, CMIO_READABLE);
		return cmio__result(-EAGAIN);
	}
	if (peer != NULL) {
		peer->ss = ss;
		cmio__addr_filled(peer, len);
	}
	return cmio__made(stream, fd, accepted_kind(listener, fd), 0);
}

int
cmio_shutdown(struct cmio_source *source, int how)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__sys_shutdown(source->fd, how);
}

int
cmio_close(struct cmio_source *source)
{
	cmio_fd fd;

	fd = cmio_release(source);
	if (fd == CMIO_FD_NONE)
		return -1;
	/* EINTR: the descriptor is closed nevertheless. */
	if (cmio__sys_close(fd, source->kind) == -1 && errno != EINTR)
		return -1;
	return 0;
}

int
cmio_set_nonblocking(struct cmio_source *source, int on)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	/* An endpoint is always non-blocking. */
	if (cmio__endpoint(source) != NULL)
		return cmio__result(on ? 0 : -ENOTSUP);
	return cmio__result(cmio__set_nonblocking(source->fd, on));
}

/* Into a copy, because the kernel may fail after it has written. */
static int
get_name(int (*getter)(cmio_fd, struct sockaddr *, socklen_t *),
    const struct cmio_source *source, struct cmio_addr *addr)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);

	if (source == NULL || addr == NULL)
		return cmio__result(-EINVAL);
	if (getter(source->fd, (struct sockaddr *)&ss, &len) == -1)
		return -1;
	addr->ss = ss;
	cmio__addr_filled(addr, len);
	return 0;
}

int
cmio_local_addr(const struct cmio_source *source, struct cmio_addr *addr)
{
	return get_name(cmio__sys_getsockname, source, addr);
}

int
cmio_peer_addr(const struct cmio_source *source, struct cmio_addr *addr)
{
	return get_name(cmio__sys_getpeername, source, addr);
}
