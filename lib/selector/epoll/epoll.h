/* SPDX-License-Identifier: MIT */
/*
 * A poll on epoll(7): Linux, Android.
 *
 * The kernel holds the whole set, so any thread may change it while another
 * waits, and there is nothing to rearm.  The table knows which source was the
 * last to be registered under a number.
 */
#ifndef CMIO_EPOLL_H
#define CMIO_EPOLL_H

#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "port/wakefd.h"
#include "selector/fd_table.h"
#include "selector/selector.h"

struct epoll {
	struct cmio_poll	base;
	int			epfd;
	struct wakefd		wakefd;
	atomic_bool		token_in_use;	/* see cmio__epoll_wake */
	atomic_bool		drain_wakes;	/* wakefd is a pipe */
	atomic_bool		coarse;	/* no epoll_pwait2() here */
	struct fd_table		fds;
};

/*
 * The token of the wake descriptor is an address in the library, which no
 * program has a reason to use.  If a source has this token all the same, wakes
 * show as spurious events of that source.
 */
extern const char cmio__epoll_wake;

static inline uint64_t
cmio__epoll_wake_token(void)
{
	return (uintptr_t)&cmio__epoll_wake;
}

/* Returns 0 or a negative errno number. */
static inline int
cmio__epoll_ctl(struct epoll *ep, int op, int fd, struct epoll_event *ev)
{
	return epoll_ctl(ep->epfd, op, fd, ev) == -1 ? -errno : 0;
}

/*
 * set.c: the kernel's set.
 */
int	cmio__epoll_add(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int interest);
int	cmio__epoll_modify(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int interest);
void	cmio__epoll_remove(struct cmio_poll *poll, struct cmio_source *source);
void	cmio__epoll_forget(struct cmio_poll *poll, struct cmio_source *source);

/*
 * wait.c
 */
int	cmio__epoll_wait(struct cmio_poll *poll, struct cmio_event *events,
	    int nevents, int64_t timeout);

#endif
