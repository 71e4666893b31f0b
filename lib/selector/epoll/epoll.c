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
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "port/clock.h"
#include "port/close.h"
#include "port/find_kind.h"
#include "port/kind.h"
#include "port/probe.h"
#include "port/wakefd.h"
#include "selector/epoll/bits.h"
#include "selector/epoll/ns.h"
#include "selector/fd_table.h"
#include "selector/selector.h"

/*
 * The kernel writes into the caller's array, if its events fit there, or else
 * into a batch: on 32-bit ARM and MIPS they are larger than cmio's.  All that
 * it could write to has to lie in the address space, and qemu-user allocates
 * as much again, so one call asks for no more than MOST.
 */
enum {
	IN_PLACE = sizeof(struct epoll_event) <= sizeof(struct cmio_event),
	BATCH = IN_PLACE ? 1 : 64,
	SIZE = sizeof(struct epoll_event),
	MOST = IN_PLACE ? 4096 : BATCH
};

extern const struct selector_ops cmio__epoll;

struct epoll {
	struct cmio_poll	base;
	int			epfd;
	struct wakefd		wakefd;
	atomic_bool		token_in_use;	/* see wake_token() */
	atomic_bool		drain_wakes;	/* wakefd is a pipe */
	atomic_bool		coarse;	/* no epoll_pwait2() here */
	struct fd_table		fds;
};

/*
 * The token of the wake descriptor: an address in the library, which no program
 * has a reason to use.  If a source has this token all the same, wakes
 * show as spurious events of that source.
 */
static uint64_t
wake_token(void)
{
	return (uintptr_t)&cmio__epoll;
}

/*
 * EXCLUSIVE is a hint, which the kernel takes with few other bits: of those
 * of CMIO_READABLE alone, all but RDHUP.
 */
enum { NOT_BOTH = EPOLLEXCLUSIVE | EPOLLRDHUP };

/* The flags of a descriptor's entry. */
enum {
	EXCLUSIVE = 1,		/* added with EPOLLEXCLUSIVE */
	LOST = 2		/* the kernel may not have it */
};

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

static int
ctl(struct epoll *ep, int op, int fd, struct epoll_event *ev)
{
	return epoll_ctl(ep->epfd, op, fd, ev) == -1 ? -errno : 0;
}

/* epoll_create1() is younger than the kernels that wanted an event here. */
static int
del(struct epoll *ep, int fd)
{
	return ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

static void
check_token(struct epoll *ep, uintptr_t token)
{
	if (token == wake_token())
		atomic_store(&ep->token_in_use, true);
}

static struct epoll_event
event_for(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	check_token(ep, token);
	/* If this fails, so does what follows. */
	if (interest & CMIO_WRITABLE)
		cmio__know_kind(source);
	return (struct epoll_event){
		.events = cmio__epoll_bits(interest,
		    (source->kind & KIND_SOCKET) != 0),
		.data.u64 = token,
	};
}

/* The descriptor is in the kernel's set: notes that in the table. */
static int
note(struct epoll *ep, struct cmio_source *source)
{
	int rc;

	rc = cmio__fd_reserve(&ep->fds, source->fd);
	if (rc == 0)
		cmio__fd_register(&ep->fds, source);
	else
		del(ep, source->fd);
	return rc;
}

/* An epoll descriptor, for example, cannot be EXCLUSIVE. */
static int
add_exclusive(struct epoll *ep, int fd, struct epoll_event *ev,
    uint32_t *flags)
{
	int rc;

	ev->events ^= NOT_BOTH;
	*flags = EXCLUSIVE;
	rc = ctl(ep, EPOLL_CTL_ADD, fd, ev);
	if (rc != -EINVAL)
		return rc;
	ev->events ^= NOT_BOTH;
	*flags = 0;
	return ctl(ep, EPOLL_CTL_ADD, fd, ev);
}

/* The lock is held. */
static int
add(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct epoll_event ev = event_for(ep, source, token, interest);
	uint32_t flags = 0;
	int rc;

	if (wants_exclusive(interest))
		rc = add_exclusive(ep, source->fd, &ev, &flags);
	else
		rc = ctl(ep, EPOLL_CTL_ADD, source->fd, &ev);
	if (rc == 0)
		rc = note(ep, source);
	if (rc == 0)
		cmio__fd_find(&ep->fds, source->fd)->flags = flags;
	return rc;
}

static int
ep_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	int rc;

	cmio__lock(&poll->lock);
	rc = add((struct epoll *)poll, source, token, interest);
	if (rc == 0)
		source->state = &poll->self;
	cmio__unlock(&poll->lock);
	return rc;
}

static void
ep_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct epoll *ep = (struct epoll *)poll;

	cmio__lock(&poll->lock);
	/* ENOENT, EBADF: the kernel removed it when it was closed. */
	if (cmio__fd_current(&ep->fds, source) != NULL)
		del(ep, source->fd);
	cmio__unlock(&poll->lock);
}

/* The kernel does that when the last descriptor is closed. */
static void
ep_forget(struct cmio_poll *poll, struct cmio_source *source)
{
	(void)poll;
	(void)source;
}

/*
 * EPOLL_CTL_MOD refuses EXCLUSIVE, before and after.  If the kernel has no
 * memory to add the source again, it is lost until the next call.
 */
static int
replace(struct epoll *ep, struct fd_entry *entry, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	rc = del(ep, source->fd);
	if (rc != 0 && (rc != -ENOENT || (entry->flags & LOST) == 0))
		return rc;
	rc = add(ep, source, token, interest);
	if (rc != 0)
		entry->flags = EXCLUSIVE | LOST;
	return rc;
}

/* The lock is held. */
static int
modify(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct fd_entry *entry = cmio__fd_current(&ep->fds, source);
	struct epoll_event ev;

	if (entry == NULL)
		return -ENOENT;
	if (wants_exclusive(interest) || (entry->flags & EXCLUSIVE))
		return replace(ep, entry, source, token, interest);
	ev = event_for(ep, source, token, interest);
	return ctl(ep, EPOLL_CTL_MOD, source->fd, &ev);
}

static int
ep_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	cmio__lock(&poll->lock);
	rc = modify((struct epoll *)poll, source, token, interest);
	cmio__unlock(&poll->lock);
	return rc;
}

/*
 * A pipe that stays readable makes no edge on some of Linux 5.5 to 5.13.
 * Another thread may close it at any time, unless the lock is held.
 */
static void
drain_wakefd(struct epoll *ep)
{
	cmio__lock(&ep->base.lock);
	if (ep->wakefd.fd != -1)
		cmio__wakefd_drain(&ep->wakefd);
	cmio__unlock(&ep->base.lock);
}

/*
 * Takes the wake out of the events: it is the i-th of n.  Returns how many are
 * left, or WOKEN if none is.
 */
static int
without_wake(struct epoll *ep, struct cmio_event *events, int n, int i)
{
	if (atomic_load(&ep->drain_wakes))
		drain_wakefd(ep);
	if (atomic_load(&ep->token_in_use))
		return n;
	memmove(&events[i], &events[i + 1],
	    (size_t)(n - i - 1) * sizeof(*events));
	return n > 1 ? n - 1 : WOKEN;
}

/* Neither a wake nor bits that need a translation. */
static inline bool
is_plain(const struct epoll_event *found)
{
	struct epoll_event ev;

	memcpy(&ev, found, sizeof(ev));
	return (ev.events & ~(uint32_t)SAME_BITS) == 0 &&
	    ev.data.u64 != wake_token();
}

static inline void
translate_one(struct cmio_event *to, const void *from)
{
	struct epoll_event ev;

	memcpy(&ev, from, sizeof(ev));
	to->token = (uintptr_t)ev.data.u64;
	to->native = ev.events;
	to->ready = ev.events & ~(uint32_t)SAME_BITS ?
	    cmio__epoll_ready(ev.events) : ev.events;
	cmio__probe_event("epoll", to);
}

/*
 * Turns n of the kernel's events into the caller's.  Both may be the same
 * memory: from the last to the first, nothing is overwritten before it was
 * read.
 */
CMIO_NOINLINE static int
translate(struct epoll *ep, struct cmio_event *events, const void *found,
    int n)
{
	struct cmio_event *to = events + n;
	const char *from = (const char *)found + (size_t)n * SIZE;
	int wake = -1;

	if (n <= 0)
		return n == 0 ? 0 : -errno;
	do {
		translate_one(--to, from -= SIZE);
		if (to->token == wake_token())
			wake = (int)(to - events);
	} while (to != events);
	return wake == -1 ? n : without_wake(ep, events, n, wake);
}

/* Waits for a positive time, or for as much of it as one call can. */
CMIO_NOINLINE static int
wait_for(struct epoll *ep, struct epoll_event *found, int most,
    int64_t timeout)
{
	int ms = cmio__timeout_ms(timeout), n;

	if ((int64_t)ms * NSEC_PER_MSEC != timeout &&
	    !atomic_load_explicit(&ep->coarse, memory_order_relaxed)) {
		n = cmio__epoll_wait_ns(ep->epfd, found, most, timeout);
		if (n != -1 || (errno != ENOSYS && errno != EPERM))
			return n;
		atomic_store_explicit(&ep->coarse, true,
		    memory_order_relaxed);
	}
	return epoll_wait(ep->epfd, found, most, ms);
}

static int
ep_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct epoll *ep = (struct epoll *)poll;
	struct epoll_event batch[BATCH], *found;
	int n;

	found = IN_PLACE ? (void *)events : batch;
	if (nevents > MOST)
		nevents = MOST;
	if (timeout <= 0)
		n = epoll_wait(ep->epfd, found, nevents, (int)timeout);
	else
		n = wait_for(ep, found, nevents, timeout);
	/* This is what most waits bring. */
	if (n == 1 && is_plain(found)) {
		translate_one(events, found);
		return 1;
	}
	return translate(ep, events, found, n);
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
		.data.u64 = wake_token(),
	};
	int rc;

	rc = cmio__wakefd_open(&ep->wakefd);
	if (rc != 0)
		return rc;
	rc = ctl(ep, EPOLL_CTL_ADD, ep->wakefd.fd, &ev);
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
	.add = ep_add,
	.modify = ep_modify,
	.remove = ep_remove,
	.forget = ep_forget,
	.rearm = cmio__no_rearm,
	.wait = ep_wait,
	.kernel_fd = ep_kernel_fd,
	.wake_on = ep_wake_on,
	.wake_off = ep_wake_off,
	.wake = ep_wake,
};
