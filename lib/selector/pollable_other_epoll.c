/* SPDX-License-Identifier: MIT */
/*
 * The questions of pollable_other.h on Linux: files of /proc and /sys, though
 * regular, can be waited for, and /dev/null cannot.
 *
 * The kernel calls a file that cannot be waited for ready for all that poll(2)
 * knows.  One that says so may also be very ready, and to be asked makes some
 * of /proc forget their news.  epoll_ctl(2) knows, and says EPERM before it
 * finds that the file is no set of epoll's or is to watch itself: so the file
 * is given as both.
 */
#include "config.h"

#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

#include "port/ppoll.h"
#include "selector/pollable_other.h"

enum { ALWAYS = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM };

/* The file system of pipes without a name, of <linux/magic.h>. */
enum { PIPEFS = 0x50495045 };

static int
ask_poll(struct pollfd *p)
{
	int rc;

	do
		rc = cmio__ppoll(p, 1, 0);
	while (rc == -EINTR);
	return rc;
}

static int
ask_epoll(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int error;

	error = epoll_ctl(fd, EPOLL_CTL_ADD, fd, &ev) == -1 ? errno : 0;
	if (error == 0 || error == EINVAL)
		return 0;
	/* It may be a sandbox that refuses the call. */
	return error == ENOSYS ? -EPERM : -error;
}

int
cmio__pollable_other(int fd, mode_t mode)
{
	struct pollfd p = { .fd = fd, .events = ALWAYS };
	int rc;

	if (S_ISREG(mode))
		return ask_epoll(fd);
	rc = ask_poll(&p);
	if (rc < 0)
		return rc;
	/* A descriptor of O_PATH is one for fstat(2) alone. */
	if (p.revents & POLLNVAL)
		return -EBADF;
	if (S_ISFIFO(mode) || S_ISSOCK(mode) ||
	    (p.revents & ALWAYS) != ALWAYS)
		return 0;
	return S_ISDIR(mode) || S_ISBLK(mode) ? -EPERM : ask_epoll(fd);
}

bool
cmio__pollable_shares(int fd, mode_t mode)
{
	struct statfs fs;

	if (S_ISSOCK(mode) || S_ISREG(mode))
		return false;
	if (S_ISFIFO(mode))
		return fstatfs(fd, &fs) == 0 && fs.f_type != PIPEFS;
	return true;
}
