/* SPDX-License-Identifier: MIT */
/*
 * cmio__pipe() of pipe.h by pipe2(2), or by pipe(2) if the kernel is too old
 * or a sandbox refuses pipe2(2).
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
