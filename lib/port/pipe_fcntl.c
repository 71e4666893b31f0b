/* SPDX-License-Identifier: MIT */
/* The pipe of pipe.h where the flags come after the pipe: macOS. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "port/flags.h"
#include "port/pipe.h"

static int
set_flags(int fd)
{
	int rc;

	rc = cmio__set_cloexec(fd);
	return rc == 0 ? cmio__set_nonblocking(fd, 1) : rc;
}

int
cmio__pipe(int fds[2])
{
	int both[2], rc;

	if (pipe(both) == -1)
		return -errno;
	rc = set_flags(both[0]);
	if (rc == 0)
		rc = set_flags(both[1]);
	if (rc != 0) {
		close(both[0]);
		close(both[1]);
		return rc;
	}
	fds[0] = both[0];
	fds[1] = both[1];
	return 0;
}
