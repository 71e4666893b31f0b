/* SPDX-License-Identifier: MIT */
/* The wait on epoll(7), and what the kernel's events are to the caller. */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "port/clock.h"
#include "port/probe.h"
#include "port/wakefd.h"
#include "selector/epoll/bits.h"
#include "selector/epoll/epoll.h"
#include "selector/epoll/ns.h"
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
	    ev.data.u64 != cmio__epoll_wake_token();
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
		if (to->token == cmio__epoll_wake_token())
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

int
cmio__epoll_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
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
