/* SPDX-License-Identifier: MIT */
/*
 * Readiness by epoll(7): Linux, Android.
 *
 * The kernel holds the whole set, so any thread may change it while another
 * waits, there is nothing to rearm, and no memory is held for a source.
 */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port/clock.h"
#include "port/kind.h"
#include "port/result.h"
#include "port/wakefd.h"
#include "selector/epoll/bits.h"
#include "selector/epoll/ns.h"
#include "selector/recent.h"
#include "selector/selector.h"

/*
 * The kernel's events are written into the caller's array where they fit,
 * and by batches where they are larger than cmio's: on 32-bit ARM and MIPS.
 */
enum {
	IN_PLACE = sizeof(struct epoll_event) <= sizeof(struct cmio_event),
	BATCH = IN_PLACE ? 1 : 64,
	MOST = INT_MAX / (int)sizeof(struct epoll_event)
};

struct epoll {
	struct cmio_poll	base;
	int			epfd;
	struct wakefd		kick;
	atomic_bool		kick_hidden;
	atomic_bool		kick_drains;	/* the kick is a pipe */
	atomic_bool		coarse;	/* no epoll_pwait2() here */
	struct recent		recent;
};

/*
 * The kick descriptor's token: an address within the structure, which is no
 * program's to use.  Should a random token hit it, kicks are no longer told
 * from that source's events, and show as spurious ones of it.
 */
static uint64_t
kick_token(const struct epoll *ep)
{
	return (uintptr_t)&ep->kick;
}

/*
 * EXCLUSIVE is a hint, which the kernel takes with few other bits: of those
 * of CMIO_READABLE alone, all but RDHUP.
 */
enum { NOT_BOTH = EPOLLEXCLUSIVE | EPOLLRDHUP };

static bool
wants_exclusive(unsigned int interest)
{
	const unsigned int never = CMIO_ONESHOT | CMIO_PRIORITY |
	    CMIO_WRITABLE;

	return (interest & CMIO_EXCLUSIVE) != 0 && (interest & never) == 0;
}

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
	ep->kick = (struct wakefd)WAKEFD_CLOSED;
	*out = &ep->base;
	return 0;
}

static void
ep_close(struct cmio_poll *poll)
{
	struct epoll *ep = (struct epoll *)poll;

	cmio__wakefd_close(&ep->kick);
	close(ep->epfd);
	free(ep);
}

/* epoll_create1() is younger than the kernels that wanted an event here. */
static int
del(struct epoll *ep, int fd)
{
	return epoll_ctl(ep->epfd, EPOLL_CTL_DEL, fd, NULL);
}

static void
look_for_kick_token(struct epoll *ep, uintptr_t token)
{
	if (token == kick_token(ep))
		atomic_store(&ep->kick_hidden, true);
}

static int
ep_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event ev = {
		.events = cmio__epoll_bits(interest),
		.data.u64 = token,
	};
	bool exclusive = wants_exclusive(interest);
	int rc;

	look_for_kick_token(ep, token);
	if (exclusive)
		ev.events ^= NOT_BOTH;
	rc = epoll_ctl(ep->epfd, EPOLL_CTL_ADD, source->fd, &ev);
	if (exclusive && rc == -1 && errno == EINVAL) {
		exclusive = false;	/* of another epoll, say */
		ev.events ^= NOT_BOTH;
		rc = epoll_ctl(ep->epfd, EPOLL_CTL_ADD, source->fd, &ev);
	}
	if (rc == -1)
		return -1;
	if (source->state == NULL)	/* or else replaced */
		cmio__hold(poll);
	recent_note(&ep->recent, source);
	source->kind &= ~(unsigned int)(KIND_EXCLUSIVE | KIND_LOST);
	if (exclusive)
		source->kind |= KIND_EXCLUSIVE;
	source->state = &poll->self;
	return 0;
}

static void
ep_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct epoll *ep = (struct epoll *)poll;

	/* ENOENT, EBADF: closed since, and so removed by the kernel. */
	if (!recent_superseded(&ep->recent, source))
		del(ep, source->fd);
}

/* The kernel does it with the last descriptor of the description. */
static void
ep_forget(struct cmio_poll *poll, struct cmio_source *source)
{
	(void)poll;
	(void)source;
}

/*
 * EPOLL_CTL_MOD refuses EXCLUSIVE, before and after.  Where there is no memory
 * to add the source again it is lost until the next time.
 */
static int
replace(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	int rc;

	rc = del(ep, source->fd);
	if (rc == -1 && (errno != ENOENT || (source->kind & KIND_LOST) == 0))
		return -1;
	rc = ep_add(&ep->base, source, token, interest);
	if (rc == -1)
		source->kind |= KIND_EXCLUSIVE | KIND_LOST;
	return rc;
}

static int
ep_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event ev = {
		.events = cmio__epoll_bits(interest),
		.data.u64 = token,
	};

	if (recent_superseded(&ep->recent, source))
		return cmio__result(-ENOENT);
	if (wants_exclusive(interest) || (source->kind & KIND_EXCLUSIVE))
		return replace(ep, source, token, interest);
	look_for_kick_token(ep, token);
	return epoll_ctl(ep->epfd, EPOLL_CTL_MOD, source->fd, &ev);
}

static int
ep_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	(void)poll;
	(void)source;
	(void)directions;
	return 0;
}

/*
 * A pipe that stays readable makes no edge on some of Linux 5.5 to 5.13.
 * Another thread may close it at any time; the lock is what that needs.
 */
static void
drain_kick(struct epoll *ep)
{
	cmio__lock(&ep->base.lock);
	if (ep->kick.fd != -1)
		cmio__wakefd_drain(&ep->kick);
	cmio__unlock(&ep->base.lock);
}

/* Takes a kick out of the events; WOKEN where nothing else is left. */
static int
without_kick(struct epoll *ep, struct cmio_event *events, int n)
{
	int i;

	for (i = 0; i < n && events[i].token != kick_token(ep); i++)
		continue;
	if (i == n)
		return n;
	if (atomic_load(&ep->kick_drains))
		drain_kick(ep);
	if (atomic_load(&ep->kick_hidden))
		return n;
	memmove(&events[i], &events[i + 1],
	    (size_t)(n - i - 1) * sizeof(*events));
	return n > 1 ? n - 1 : WOKEN;
}

/* Waits for a positive time, in as many calls as that takes. */
static int
wait_for(struct epoll *ep, struct epoll_event *found, int most,
    int64_t timeout)
{
	int ms, n;

	ms = cmio__timeout_ms(timeout);
	if ((int64_t)ms * NSEC_PER_MSEC == timeout)
		return epoll_wait(ep->epfd, found, most, ms);
	if (!atomic_load_explicit(&ep->coarse, memory_order_relaxed)) {
		n = cmio__epoll_wait_ns(ep->epfd, found, most, timeout);
		if (n != -1 || (errno != ENOSYS && errno != EPERM))
			return n;
		atomic_store_explicit(&ep->coarse, true,
		    memory_order_relaxed);
	}
	do {
		ms = cmio__timeout_ms(timeout);
		n = epoll_wait(ep->epfd, found, most, ms);
		timeout -= (int64_t)ms * NSEC_PER_MSEC;
	} while (n == 0 && timeout > 0);
	return n;
}

static int
ep_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event batch[BATCH], *found;
	int most, n;

	found = IN_PLACE ? (void *)events : batch;
	most = IN_PLACE ? MOST : BATCH;
	if (nevents < most)
		most = nevents;
	if (timeout > 0)
		n = wait_for(ep, found, most, timeout);
	else
		n = epoll_wait(ep->epfd, found, most, (int)timeout);
	if (n <= 0)
		return n == 0 ? 0 : -errno;
	cmio__epoll_expand(events, found, n);
	return cmio__user_events_never(poll) ? n :
	    without_kick(ep, events, n);
}

/*
 * Where there are user events after a wait in ep_enter(): they came while a
 * thread slept, or it only looked.  A kick leaves its place in the array to
 * the event that it came for; where that was removed since, the wait goes on.
 */
int
cmio__epoll_deliver_user_events(struct cmio_poll *poll,
    struct cmio_event *events, int n, int nevents, int timeout)
{
	int left;

	left = without_kick((struct epoll *)poll, events, n);
	if (left == n)
		return n;
	if (left == WOKEN)
		left = 0;
	left += cmio__user_events_take(poll, events + left, nevents - left);
	return left != 0 ? left :
	    cmio__enter_user_events(poll, events, nevents, timeout);
}

/*
 * The public wait where nothing is out of the ordinary.  What a program pays
 * here beyond the system call it pays always.  So the arguments wait in
 * memory, where keeping them costs a store each, rather than in registers
 * that are the caller's; and the kernel checks nevents.
 */
static int
ep_enter(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct cmio_poll *volatile kept_poll = poll;
	struct cmio_event *volatile kept_events = events;
	volatile int kept_nevents = nevents, kept_timeout = (int)timeout;
	volatile int found;
	int n;

	/* 0 and -1, by one comparison. */
	if (!IN_PLACE || (uint64_t)timeout + 1 > 1)
		return cmio__enter(poll, events, nevents, timeout);
	n = epoll_wait(((struct epoll *)poll)->epfd, (void *)events, nevents,
	    (int)timeout);
	if (n == 0)
		return 0;
	/* One event, readable or writable, is what most waits bring. */
	if (n == 1 && cmio__epoll_token(kept_events) !=
	    kick_token((struct epoll *)kept_poll) &&
	    cmio__epoll_expand_usual(kept_events))
		return 1;
	found = n;	/* so that n stays where it is returned */
	if (n > 1) {
		events = kept_events;
		n = cmio__epoll_expand_inline(events, events, n);
		if (cmio__user_events_never(kept_poll))
			return n;
		return cmio__epoll_deliver_user_events(kept_poll,
		    kept_events, found, kept_nevents, kept_timeout);
	}
	return cmio__epoll_deliver(kept_poll, kept_events, found,
	    kept_nevents, kept_timeout);
}

static cmio_fd
ep_kernel_fd(const struct cmio_poll *poll)
{
	return ((const struct epoll *)poll)->epfd;
}

static int
ep_kick_on(struct cmio_poll *poll)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event ev = {
		.events = EPOLLIN | EPOLLET,
		.data.u64 = kick_token(ep),
	};
	int rc;

	rc = cmio__wakefd_open(&ep->kick);
	if (rc != 0)
		return rc;
	if (epoll_ctl(ep->epfd, EPOLL_CTL_ADD, ep->kick.fd, &ev) == -1) {
		rc = -errno;
		cmio__wakefd_close(&ep->kick);
		return rc;
	}
	/* Its number may be that of a source that was closed. */
	recent_note(&ep->recent,
	    &(struct cmio_source)CMIO_SOURCE(ep->kick.fd));
	atomic_store(&ep->kick_drains, ep->kick.write_fd != ep->kick.fd);
	return 0;
}

static void
ep_kick_off(struct cmio_poll *poll)
{
	/*
	 * This takes it out of the set, unless a child process holds it
	 * open; a kick of the child's would be passed over like any.
	 */
	cmio__wakefd_close(&((struct epoll *)poll)->kick);
}

/* Each write to an eventfd is an edge: nothing is read back. */
static int
ep_kick(struct cmio_poll *poll)
{
	return cmio__wakefd_signal(&((struct epoll *)poll)->kick);
}

const struct selector_ops cmio__epoll = {
	.name = "epoll",
	.interest = DIRECTIONS,
	.open = ep_open,
	.close = ep_close,
	.add = ep_add,
	.modify = ep_modify,
	.remove = ep_remove,
	.forget = ep_forget,
	.rearm = ep_rearm,
	.wait = ep_wait,
	.enter = ep_enter,
	.kernel_fd = ep_kernel_fd,
	.kick_on = ep_kick_on,
	.kick_off = ep_kick_off,
	.kick = ep_kick,
};
