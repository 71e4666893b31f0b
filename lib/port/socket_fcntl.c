/* SPDX-License-Identifier: MIT */
/* The sockets of socket.h for systems without SOCK_CLOEXEC: macOS. */
#include "config.h"

#include "port/socket.h"

int
cmio__socket(int family, int type, int protocol, cmio_fd *fd)
{
	return cmio__socket_plain(family, type, protocol, fd);
}

int
cmio__socketpair(int family, int type, cmio_fd fds[2])
{
	return cmio__socketpair_plain(family, type, fds);
}
