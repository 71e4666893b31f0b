/* SPDX-License-Identifier: MIT */
/* The question of pollable_device.h, put to epoll(7), which knows. */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <unistd.h>

#include "selector/pollable_device.h"

int
cmio__pollable_device(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int epfd, rc;

	epfd = epoll_create1(EPOLL_CLOEXEC);
	if (epfd == -1)
		return errno == ENOSYS ? 0 : -errno;
	rc = epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) == -1 ? -errno : 0;
	close(epfd);
	return rc;
}
