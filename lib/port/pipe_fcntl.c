/* SPDX-License-Identifier: MIT */
/* cmio__pipe() of pipe.h without pipe2(2): macOS. */
#include "config.h"

#include "port/pipe.h"

int
cmio__pipe(int fds[2])
{
	return cmio__pipe_plain(fds);
}
