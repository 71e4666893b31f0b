/* SPDX-License-Identifier: MIT */
/* The sockets of socket.h where the flags come after the socket: macOS. */
#include "config.h"

#include "port/socket.h"

int
cmio__socket(int family, int type, int protocol)
{
	return cmio__socket_plain(family, type, protocol);
}

int
cmio__socketpair(int family, int type, int fds[2])
{
	return cmio__socketpair_plain(family, type, fds);
}
