/* SPDX-License-Identifier: MIT */
/* The queue of kqueue/open.h by kqueue1(2): NetBSD, OpenBSD 7.4. */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>

#include <errno.h>
#include <fcntl.h>

#include "selector/kqueue/open.h"

int
cmio__kqueue_open(void)
{
	int fd;

	fd = kqueue1(O_CLOEXEC);
	return fd == -1 ? -errno : fd;
}
