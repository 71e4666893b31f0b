/* SPDX-License-Identifier: MIT */
/*
 * The descriptor of wakefd.h as an eventfd(2), or as a pipe if the kernel or a
 * sandbox refuses eventfd(2).
 */
#include "config.h"

#include <sys/eventfd.h>

#include <errno.h>

#include "port/wakefd.h"

int
cmio__wakefd_open(struct wakefd *wakefd)
{
	int fd;

	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd == -1 && (errno == ENOSYS || errno == EPERM ||
	    errno == EINVAL))
		return cmio__wakefd_pipe(wakefd);
	if (fd == -1)
		return -errno;
	*wakefd = (struct wakefd){ .fd = fd, .write_fd = fd };
	return 0;
}
