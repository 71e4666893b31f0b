/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX sockets in one step.  Paths are never unlinked: only the program
 * knows who uses them.
 */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "port/result.h"
#include "port/socket.h"

static int
check(const struct cmio_source *source, const struct cmio_addr *addr)
{
	if (source == NULL || !cmio__addr_ok(addr))
		return -EINVAL;
	return addr->ss.ss_family == AF_UNIX ? 0 : -EAFNOSUPPORT;
}

/* A new stream socket of addr's family. */
static int
stream_socket(const struct cmio_source *source, const struct cmio_addr *addr,
    cmio_fd *fd)
{
	int rc;

	rc = check(source, addr);
	return rc == 0 ? cmio__socket(AF_UNIX, SOCK_STREAM, 0, fd) : rc;
}

int
cmio_unix_listen(struct cmio_source *listener, const struct cmio_addr *addr)
{
	cmio_fd fd;
	int rc;

	rc = stream_socket(listener, addr, &fd);
	if (rc != 0)
		return cmio__result(rc);
	rc = cmio__bind(fd, addr);
	if (rc == 0)
		rc = cmio__listen(fd, 0);
	return cmio__made(listener, fd, KIND_SOCKET | KIND_STREAM, rc);
}

int
cmio_unix_connect(struct cmio_source *stream, const struct cmio_addr *peer)
{
	cmio_fd fd;
	int rc;

	rc = stream_socket(stream, peer, &fd);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__made(stream, fd, KIND_SOCKET | KIND_STREAM,
	    cmio__connect(fd, peer));
}

int
cmio_unix_datagram(struct cmio_source *source, const struct cmio_addr *addr)
{
	cmio_fd fd;
	int rc = 0;

	if (addr != NULL)
		rc = check(source, addr);
	else if (source == NULL)
		rc = -EINVAL;
	if (rc != 0)
		return cmio__result(rc);
	rc = cmio__socket(AF_UNIX, SOCK_DGRAM, 0, &fd);
	if (rc != 0)
		return cmio__result(rc);
	if (addr != NULL)
		rc = cmio__bind(fd, addr);
	return cmio__made(source, fd, KIND_SOCKET, rc);
}

int
cmio_unix_pair(struct cmio_source pair[2], int type)
{
	cmio_fd fds[2];
	unsigned int kind;
	int rc;

	if (pair == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__socketpair(AF_UNIX, type, fds);
	if (rc != 0)
		return cmio__result(rc);
	kind = cmio__socket_kind(fds[0], type);
	cmio__made(&pair[0], fds[0], kind, 0);
	return cmio__made(&pair[1], fds[1], kind, 0);
}
