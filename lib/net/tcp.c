/* SPDX-License-Identifier: MIT */
/* TCP sockets in one step. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "net/net.h"
#include "port/result.h"
#include "port/socket.h"

/* A new stream socket for addr, or a negative errno number. */
static int
stream_socket(const struct cmio_source *source, const struct cmio_addr *addr)
{
	if (source == NULL || !cmio__addr_ok(addr))
		return -EINVAL;
	if (!cmio__is_ip(addr))
		return -EAFNOSUPPORT;
	return cmio__socket(addr->ss.ss_family, SOCK_STREAM, 0);
}

int
cmio_tcp_listen(struct cmio_source *listener, const struct cmio_addr *addr)
{
	int fd, rc;

	fd = stream_socket(listener, addr);
	if (fd < 0)
		return cmio__result(fd);
	rc = cmio__set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (rc == 0)
		rc = cmio__bind(fd, addr);
	if (rc == 0)
		rc = cmio__listen(fd, 0);
	return cmio__made(listener, fd, KIND_SOCKET, rc);
}

int
cmio_tcp_connect(struct cmio_source *stream, const struct cmio_addr *peer)
{
	int fd;

	fd = stream_socket(stream, peer);
	if (fd < 0)
		return cmio__result(fd);
	return cmio__made(stream, fd, KIND_SOCKET, cmio__connect(fd, peer));
}
