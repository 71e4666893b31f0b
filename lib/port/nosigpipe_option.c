/* SPDX-License-Identifier: MIT */
/* The option of nosigpipe.h: macOS, FreeBSD, NetBSD, DragonFly. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "port/nosigpipe.h"

void
cmio__nosigpipe(int fd)
{
	const int on = 1;
	int before = errno;

	/* macOS: EINVAL if the peer has closed; then there is no signal. */
	setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
	errno = before;
}
