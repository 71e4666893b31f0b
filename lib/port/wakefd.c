/* SPDX-License-Identifier: MIT */
/*
 * Writing and draining, which is the same for an eventfd and a pipe: writing
 * eight bytes makes either readable, and reads empty it again.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "port/cancel.h"
#include "port/close.h"
#include "port/pipe.h"
#include "port/wakefd.h"

int
cmio__wakefd_pipe(struct wakefd *wakefd)
{
	int fds[2], rc;

	rc = cmio__pipe(fds);
	if (rc != 0)
		return rc;
	*wakefd = (struct wakefd){ .fd = fds[0], .write_fd = fds[1] };
	return 0;
}

void
cmio__wakefd_close(struct wakefd *wakefd)
{
	if (wakefd->fd == -1)
		return;
	if (wakefd->write_fd != wakefd->fd)
		cmio__close_fd(wakefd->write_fd);
	cmio__close_fd(wakefd->fd);
	wakefd->fd = wakefd->write_fd = -1;
}

/* What was read: the count of an eventfd, or each wake's own bytes. */
static unsigned int
wakes(const struct wakefd *wakefd, const uint64_t *buf, ssize_t n)
{
	if (n < (ssize_t)sizeof(*buf))
		return 0;
	return (unsigned int)(wakefd->fd == wakefd->write_fd ? buf[0] :
	    (size_t)n / sizeof(*buf));
}

unsigned int
cmio__wakefd_take(const struct wakefd *wakefd)
{
	uint64_t buf[64];
	unsigned int count = 0;
	int cancel = cmio__cancel_off();
	ssize_t n;

	do {
		n = read(wakefd->fd, buf, sizeof(buf));
		count += wakes(wakefd, buf, n);
	} while (n == (ssize_t)sizeof(buf) || (n == -1 && errno == EINTR));
	cmio__cancel_restore(cancel);
	return count;
}

void
cmio__wakefd_drain(const struct wakefd *wakefd)
{
	cmio__wakefd_take(wakefd);
}

int
cmio__wakefd_wake(const struct wakefd *wakefd)
{
	const uint64_t one = 1;
	int before = errno, cancel = cmio__cancel_off(), rc = 0;

	while (rc == 0 && write(wakefd->write_fd, &one, sizeof(one)) == -1) {
		/* A full pipe or counter reports no edge: empty it first. */
		if (errno == EAGAIN)
			cmio__wakefd_drain(wakefd);
		else if (errno != EINTR)
			rc = -errno;
	}
	cmio__cancel_restore(cancel);
	errno = before;
	return rc;
}
