/* SPDX-License-Identifier: MIT */
/*
 * The kqueue of net/queue.h.  A child of fork(2) does not get it, so that
 * close-on-exec may be set after it was made.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "net/queue.h"
#include "port/close.h"
#include "port/flags.h"

int
cmio__queue_open(void)
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

int
cmio__queue_add(int queue, const struct kevent *change)
{
	return kevent(queue, change, 1, NULL, 0, NULL) == -1 ? -errno : 0;
}

int
cmio__queue_add_timer(int queue)
{
	const struct kevent change = {
		.filter = EVFILT_TIMER,
		.flags = EV_ADD | EV_ONESHOT,
		.data = 1
	};

	return cmio__queue_add(queue, &change);
}

int
cmio__queue_take(int queue, struct kevent *event)
{
	const struct timespec now = { .tv_sec = 0 };
	int n;

	n = kevent(queue, NULL, 0, event, 1, &now);
	return n == -1 ? -errno : n;
}
