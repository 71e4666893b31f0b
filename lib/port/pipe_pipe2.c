/* SPDX-License-Identifier: MIT */
/*
 * The pipe of pipe.h by pipe2(2), or the plain way where the kernel is too
 * old for that or a sandbox refuses it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "port/flags.h"
#include "port/pipe.h"

int
cmio__pipe(int fds[2])
{
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0)
		return 0;
	return cmio__flags_refused(errno) ? cmio__pipe_plain(fds) : -errno;
}
