/* SPDX-License-Identifier: MIT */
/* TCP sockets in one step. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "port/result.h"
#include "port/socket.h"

/* A new stream socket of addr's family. */
static int
stream_socket(const struct cmio_source *source, const struct cmio_addr *addr,
    cmio_fd *fd)
{
	if (source == NULL || !cmio__addr_ok(addr))
		return -EINVAL;
	if (!cmio__is_ip(addr))
		return -EAFNOSUPPORT;
	return cmio__socket(addr->ss.ss_family, SOCK_STREAM, 0, fd);
}

int
cmio_tcp_listen(struct cmio_source *listener, const struct cmio_addr *addr)
{
	cmio_fd fd;
	int rc;

	rc = stream_socket(listener, addr, &fd);
	if (rc != 0)
		return cmio__result(rc);
	if (cmio__sys_reuse_address(fd) == -1)
		rc = -errno;
	if (rc == 0)
		rc = cmio__bind(fd, addr);
	if (rc == 0)
		rc = cmio__listen(fd, 0);
	return cmio__made(listener, fd, KIND_SOCKET | KIND_STREAM, rc);
}

int
cmio_tcp_connect(struct cmio_source *stream, const struct cmio_addr *peer)
{
	cmio_fd fd;
	int rc;

	rc = stream_socket(stream, peer, &fd);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__made(stream, fd, KIND_SOCKET | KIND_STREAM,
	    cmio__connect(fd, peer));
}
