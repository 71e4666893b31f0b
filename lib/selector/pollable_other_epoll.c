/* SPDX-License-Identifier: MIT */
/*
 * The question of pollable_other.h, put to epoll(7), which knows: files of
 * /proc and /sys, though regular, can be waited for, and /dev/null cannot.
 */
#include "config.h"

#include <sys/epoll.h>
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#include "selector/pollable_other.h"

/* Where epoll is not to be had the kind of file has to do. */
static int
guess(mode_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISBLK(mode) ? -EPERM : 0;
}

int
cmio__pollable_other(int fd, mode_t mode)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int epfd, rc = 0;

	epfd = epoll_create1(EPOLL_CLOEXEC);
	if (epfd == -1)
		return guess(mode);
	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev) == -1 &&
	    (errno == EPERM || errno == EBADF))
		rc = -errno;
	close(epfd);
	return rc;
}
