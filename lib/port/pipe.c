/* SPDX-License-Identifier: MIT */
/* cmio__pipe_plain() of pipe.h: pipe(2), then the flags. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "port/close.h"
#include "port/flags.h"
#include "port/pipe.h"

int
cmio__pipe_plain(int fds[2])
{
	int both[2], rc;

	if (pipe(both) == -1)
		return -errno;
	rc = cmio__set_flags(both[0]);
	if (rc == 0)
		rc = cmio__set_flags(both[1]);
	if (rc != 0) {
		cmio__close_fd(both[0]);
		cmio__close_fd(both[1]);
		return rc;
	}
	fds[0] = both[0];
	fds[1] = both[1];
	return 0;
}
