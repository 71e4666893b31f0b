/* SPDX-License-Identifier: MIT */
/* The flags of flags.h by fcntl(2), for every kind of descriptor. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>

#include "port/flags.h"

int
cmio__set_nonblocking(int fd, int on)
{
	int flags, wanted;

	flags = fcntl(fd, F_GETFL);
	if (flags == -1)
		return -errno;
	wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	if (wanted != flags && fcntl(fd, F_SETFL, wanted) == -1)
		return -errno;
	return 0;
}

int
cmio__set_cloexec(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ? -errno : 0;
}

int
cmio__set_flags(int fd)
{
	int rc;

	rc = cmio__set_cloexec(fd);
	return rc == 0 ? cmio__set_nonblocking(fd, 1) : rc;
}
