/* SPDX-License-Identifier: MIT */
/*
 * The queue of kqueue/open.h where the flag comes after it: macOS, DragonFly,
 * and the others' older releases.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>

#include <errno.h>

#include "port/close.h"
#include "port/flags.h"
#include "selector/kqueue/open.h"

int
cmio__kqueue_open(void)
{
	int fd, rc;

	fd = kqueue();
	if (fd == -1)
		return -errno;
	rc = cmio__set_cloexec(fd);
	if (rc != 0) {
		cmio__close_fd(fd);
		return rc;
	}
	return fd;
}
