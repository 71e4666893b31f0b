/* SPDX-License-Identifier: MIT */
/* The queue of kqueue/open.h by kqueuex(2), of FreeBSD 14. */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>

#include <errno.h>

#include "selector/kqueue/open.h"

int
cmio__kqueue_open(void)
{
	int fd;

	fd = kqueuex(KQUEUE_CLOEXEC);
	return fd == -1 ? -errno : fd;
}
