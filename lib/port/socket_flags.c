/* SPDX-License-Identifier: MIT */
/*
 * The sockets of socket.h, created with their flags, or the plain way if the
 * kernel is too old or a sandbox refuses the flags.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "port/flags.h"
#include "port/nosigpipe.h"
#include "port/socket.h"

enum { BOTH = SOCK_CLOEXEC | SOCK_NONBLOCK };

int
cmio__socket(int family, int type, int protocol, cmio_fd *out)
{
	int fd;

	fd = socket(family, type | BOTH, protocol);
	if (fd == -1 && cmio__flags_refused(errno))
		return cmio__socket_plain(family, type & ~BOTH, protocol,
		    out);
	if (fd == -1)
		return -errno;
	cmio__nosigpipe(fd);
	*out = fd;
	return 0;
}

int
cmio__socketpair(int family, int type, cmio_fd fds[2])
{
	int both[2];

	if (socketpair(family, type | BOTH, 0, both) == -1) {
		if (cmio__flags_refused(errno))
			return cmio__socketpair_plain(family, type & ~BOTH,
			    fds);
		return -errno;
	}
	cmio__nosigpipe(both[0]);
	cmio__nosigpipe(both[1]);
	fds[0] = both[0];
	fds[1] = both[1];
	return 0;
}
