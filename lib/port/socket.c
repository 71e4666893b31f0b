/* SPDX-License-Identifier: MIT */
/* The plain functions of socket.h: the socket first, then its flags. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "port/close.h"
#include "port/flags.h"
#include "port/nosigpipe.h"
#include "port/socket.h"

int
cmio__socket_plain(int family, int type, int protocol, cmio_fd *out)
{
	int fd, rc;

	fd = socket(family, type, protocol);
	if (fd == -1)
		return -errno;
	rc = cmio__set_flags(fd);
	if (rc != 0) {
		cmio__close_fd(fd);
		return rc;
	}
	cmio__nosigpipe(fd);
	*out = fd;
	return 0;
}

int
cmio__socketpair_plain(int family, int type, cmio_fd fds[2])
{
	int both[2], rc;

	if (socketpair(family, type, 0, both) == -1)
		return -errno;
	rc = cmio__set_flags(both[0]);
	if (rc == 0)
		rc = cmio__set_flags(both[1]);
	if (rc != 0) {
		cmio__close_fd(both[0]);
		cmio__close_fd(both[1]);
		return rc;
	}
	cmio__nosigpipe(both[0]);
	cmio__nosigpipe(both[1]);
	fds[0] = both[0];
	fds[1] = both[1];
	return 0;
}
