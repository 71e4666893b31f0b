/* SPDX-License-Identifier: MIT */
/* UDP sockets in one step. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "port/result.h"
#include "port/socket.h"

int
cmio_udp_bind(struct cmio_source *source, const struct cmio_addr *addr)
{
	cmio_fd fd;
	int rc;

	if (source == NULL || !cmio__addr_ok(addr))
		return cmio__result(-EINVAL);
	if (!cmio__is_ip(addr))
		return cmio__result(-EAFNOSUPPORT);
	rc = cmio__socket(addr->ss.ss_family, SOCK_DGRAM, 0, &fd);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__made(source, fd, KIND_SOCKET, cmio__bind(fd, addr));
}
