/* SPDX-License-Identifier: MIT */
/* The pipe of pipe.h by pipe2(2). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "port/pipe.h"

int
cmio__pipe(int fds[2])
{
	return pipe2(fds, O_CLOEXEC | O_NONBLOCK) == -1 ? -errno : 0;
}
