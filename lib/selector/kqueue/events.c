/* SPDX-License-Identifier: MIT */
/*
 * The events of kqueue/events.h.  First the poll's own events are taken out,
 * then the events of oneshot sources are looked up, then all are translated.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/events.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/oneshot.h"
#include "selector/kqueue/user.h"
#include "selector/pollable.h"

static const struct kq_names *const names = &cmio__kq_names;

static bool
is_wake(const struct kqueue *kq, const struct kevent *found)
{
	kq_filter filter = found->filter;

	if (filter == names->user)
		return found->ident == KQ_WAKE;
	return filter == names->read && found->ident ==
	    (uintptr_t)atomic_load_explicit(&kq->wake_fd,
	    memory_order_relaxed);
}

/*
 * The kernel does not remove a user event when the descriptor whose number
 * it has is closed.  So KQ_ENDED may be left over from a closed pipe.
 */
static bool
is_left_over(struct kqueue *kq, const struct kevent *found)
{
	struct pollable file;
	int fd = (int)found->ident;

	if ((kq_filter)found->filter != names->user ||
	    (cmio__pollable(fd, &file) == 0 && file.what == POLLABLE_PIPE))
		return false;
	cmio__kq_act(kq->kq, fd, KQ_ENDED, names->remove);
	return true;
}

/* A program may set flags of its own in its aio requests. */
static bool
is_oneshot(const struct kevent *found)
{
	return (found->flags & EV_DISPATCH) != 0 &&
	    (kq_filter)found->filter != names->aio &&
	    (kq_filter)found->filter != names->lio;
}

/* Drops events that are not for the caller; returns how many are left. */
static int
sift(struct kqueue *kq, struct kevent *found, int n)
{
	int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (!is_wake(kq, &found[i]) && !is_left_over(kq, &found[i]))
			found[kept++] = found[i];
	}
	return kept;
}

/*
 * Replaces the generation in the events of oneshot sources by the token, and
 * drops the events of sources that were changed since.
 */
static int
find_tokens(const struct kqueue *kq, struct kevent *found, int n)
{
	const struct oneshot *oneshot;
	int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (is_oneshot(&found[i])) {
			oneshot = cmio__oneshot_find(&kq->oneshot,
			    found[i].ident, (uintptr_t)found[i].udata);
			if (oneshot == NULL)
				continue;
			found[i].udata = (CMIO_KEVENT_UDATA)oneshot->token;
		}
		found[kept++] = found[i];
	}
	return kept;
}

/* If a oneshot source has fired, its other filters must not fire. */
static void
disable_others(struct kqueue *kq, const struct kevent *found, int n)
{
	struct oneshot *oneshot;
	int fd, i;

	for (i = 0; i < n; i++) {
		if (!is_oneshot(&found[i]))
			continue;
		fd = (int)found[i].ident;
		oneshot = &kq->oneshot.by_fd[fd];
		if (oneshot->generation != 0 &&
		    (oneshot->filters & (oneshot->filters - 1)) != 0)
			cmio__kq_act(kq->kq, fd, oneshot->filters,
			    names->disable);
		oneshot->generation = 0;
	}
}

static int
settle_oneshot(struct kqueue *kq, struct kevent *found, int n)
{
	cmio__lock(&kq->base.lock);
	n = find_tokens(kq, found, n);
	disable_others(kq, found, n);
	cmio__unlock(&kq->base.lock);
	return n;
}

static bool
any_oneshot(const struct kevent *found, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (is_oneshot(&found[i]))
			return true;
	return false;
}

int
cmio__kq_translate(struct kqueue *kq, struct kevent *found, int n,
    struct cmio_event *events)
{
	int i;

	n = sift(kq, found, n);
	if (any_oneshot(found, n))
		n = settle_oneshot(kq, found, n);
	for (i = 0; i < n; i++)
		events[i] = (struct cmio_event){
			.token = (uintptr_t)found[i].udata,
			.ready = cmio__kq_ready(names, found[i].filter,
			    found[i].flags, found[i].fflags),
			.native = (uint32_t)found[i].filter << 16 |
			    (found[i].flags & 0xffff),
		};
	return n == 0 ? WOKEN : n;
}
