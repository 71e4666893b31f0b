/* SPDX-License-Identifier: MIT */
/* The selector on epoll(7): its descriptors, and what wakes it. */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "port/close.h"
#include "port/wakefd.h"
#include "selector/epoll/epoll.h"
#include "selector/fd_table.h"
#include "selector/selector.h"

static int
ep_open(struct cmio_poll **out)
{
	struct epoll *ep;
	int rc;

	ep = calloc(1, sizeof(*ep));
	if (ep == NULL)
		return -ENOMEM;
	ep->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (ep->epfd == -1) {
		rc = -errno;
		free(ep);
		return rc;
	}
	ep->wakefd = (struct wakefd)WAKEFD_CLOSED;
	*out = &ep->base;
	return 0;
}

static void
ep_close(struct cmio_poll *poll)
{
	struct epoll *ep = (struct epoll *)poll;

	cmio__wakefd_close(&ep->wakefd);
	cmio__close_fd(ep->epfd);
	cmio__fd_table_free(&ep->fds);
	free(ep);
}

static cmio_fd
ep_kernel_fd(const struct cmio_poll *poll)
{
	return ((const struct epoll *)poll)->epfd;
}

/* The lock is held. */
static int
ep_wake_on(struct cmio_poll *poll)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event ev = {
		.events = EPOLLIN | EPOLLET,
		.data.u64 = cmio__epoll_wake_token(),
	};
	int rc;

	rc = cmio__wakefd_open(&ep->wakefd);
	if (rc != 0)
		return rc;
	rc = cmio__epoll_ctl(ep, EPOLL_CTL_ADD, ep->wakefd.fd, &ev);
	if (rc != 0) {
		cmio__wakefd_close(&ep->wakefd);
		return rc;
	}
	cmio__fd_claim(&ep->fds, ep->wakefd.fd);
	atomic_store(&ep->drain_wakes, ep->wakefd.write_fd != ep->wakefd.fd);
	return 0;
}

static int
ep_wake_off(struct cmio_poll *poll)
{
	/*
	 * This takes it out of the set, unless a child process holds it
	 * open; a wake by the child would be ignored like any other.
	 */
	cmio__wakefd_close(&((struct epoll *)poll)->wakefd);
	return 0;
}

/* Each write to an eventfd is an edge: nothing is read back. */
static int
ep_wake(struct cmio_poll *poll)
{
	return cmio__wakefd_wake(&((struct epoll *)poll)->wakefd);
}

const struct selector_ops cmio__epoll = {
	.name = "epoll",
	.interest = DIRECTIONS,
	.open = ep_open,
	.close = ep_close,
	.add = cmio__epoll_add,
	.modify = cmio__epoll_modify,
	.remove = cmio__epoll_remove,
	.forget = cmio__epoll_forget,
	.rearm = cmio__no_rearm,
	.wait = cmio__epoll_wait,
	.kernel_fd = ep_kernel_fd,
	.wake_on = ep_wake_on,
	.wake_off = ep_wake_off,
	.wake = ep_wake,
};
