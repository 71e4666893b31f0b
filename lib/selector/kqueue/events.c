/* SPDX-License-Identifier: MIT */
/*
 * The events of kqueue/events.h.
 *
 * Most events have all that their translation needs.  The table is needed for
 * events of oneshot sources, which have a generation in place of a token, and
 * for the filter for reading of a source that has KQ_HANGUP or KQ_WRITER.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/cancel.h"
#include "port/probe.h"
#include "selector/fd_table.h"
#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/events.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/tokens.h"
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

/* Asynchronous I/O has idents and flags of its own. */
static bool
is_source(const struct kevent *found)
{
	return (kq_filter)found->filter != names->aio &&
	    (kq_filter)found->filter != names->lio;
}

static bool
is_oneshot(const struct kevent *found)
{
	return is_source(found) && (found->flags & EV_DISPATCH) != 0;
}

/*
 * A filter for the hang-up alone has fired for something else: data came to a
 * FIFO, or to an end of a pipe that is for reading too.  By level it would
 * fire again and again: make it an edge.
 */
static void
ignore_data(struct kqueue *kq, const struct kevent *found, unsigned int set)
{
	struct kq_change changes[2];
	int errors[2], fd = (int)found->ident;

	if ((kq_filter)found->filter != names->read ||
	    (set & (KQ_MODE | KQ_HANGUP)) != (KQ_LEVEL | KQ_HANGUP) ||
	    (found->flags & EV_CLEAR) != 0)
		return;
	cmio__kq_changes(names, KQ_READ, names->remove, &changes[0]);
	cmio__kq_additions(names, KQ_READ,
	    (set & ~(unsigned int)KQ_MODE) | KQ_EDGE, &changes[1]);
	cmio__kq_submit(kq->kq, fd, (uintptr_t)found->udata, changes, 2,
	    errors);
}

/* A source's set, and in *entry what the table has of it, or NULL. */
static unsigned int
look_up(const struct kqueue *kq, const struct kevent *found,
    struct fd_entry **entry)
{
	*entry = is_source(found) && found->ident <= INT32_MAX ?
	    cmio__fd_find(&kq->table, (int)found->ident) : NULL;
	return *entry == NULL ? 0 : (*entry)->flags;
}

/* Puts the token in the place of the generation, if that is of today. */
static bool
find_token(const struct kqueue *kq, struct kevent *found,
    const struct fd_entry *entry)
{
	if (entry == NULL || (entry->flags & KQ_MODE) != KQ_ONESHOT ||
	    (entry->flags & KQ_FIRED) != 0 ||
	    entry->generation != (uintptr_t)found->udata)
		return false;
	found->udata = (CMIO_KEVENT_UDATA)cmio__tokens_get(&kq->tokens,
	    (int)found->ident);
	return true;
}

/* Whether there is any readiness for the caller in it. */
static bool
fill(struct cmio_event *event, const struct kevent *found, unsigned int set)
{
	*event = (struct cmio_event){
		.token = (uintptr_t)found->udata,
		.ready = cmio__kq_ready(names, set, found->filter,
		    found->flags, found->fflags),
		.native = (uint32_t)found->filter << 16 |
		    (found->flags & 0xffff),
	};
	return event->ready != 0;
}

/* Whether the event is for the caller, as *event.  The lock is held. */
static bool
translate(struct kqueue *kq, struct kevent *found, struct cmio_event *event)
{
	struct fd_entry *entry;
	unsigned int set;

	if (is_wake(kq, found) || is_left_over(kq, found))
		return false;
	set = look_up(kq, found, &entry);
	if (is_oneshot(found) && !find_token(kq, found, entry))
		return false;
	if (fill(event, found, set))
		return true;
	ignore_data(kq, found, set);
	return false;
}

/*
 * The two filters of a writer report the same hang-up.  Whether an event of
 * the same source comes before this one, which it is added to then.
 */
static bool
merge(const struct kqueue *kq, const struct kevent *found,
    struct cmio_event *events, int at)
{
	struct fd_entry *entry;
	int i;

	if ((look_up(kq, &found[at], &entry) & KQ_WRITER) == 0)
		return false;
	for (i = 0; i < at; i++)
		if (is_source(&found[i]) && found[i].ident == found[at].ident) {
			events[i].ready |= events[at].ready;
			return true;
		}
	return false;
}

/* A oneshot source has fired: its other filters must not fire. */
static void
disable(struct kqueue *kq, const struct kevent *found)
{
	struct fd_entry *entry;
	unsigned int filters;

	filters = look_up(kq, found, &entry) & KQ_ALL;
	if ((entry->flags & KQ_FIRED) == 0 && (filters & (filters - 1)) != 0)
		cmio__kq_act(kq->kq, (int)found->ident, filters,
		    names->disable);
	entry->flags |= KQ_FIRED;
}

/* Several events of one oneshot source are reported if they came at once. */
static int
translate_all(struct kqueue *kq, struct kevent *found, int n,
    struct cmio_event *events)
{
	int i, kept = 0;

	for (i = 0; i < n; i++) {
		found[kept] = found[i];
		if (translate(kq, &found[kept], &events[kept]) &&
		    !merge(kq, found, events, kept))
			kept++;
	}
	for (i = 0; i < kept; i++)
		if (is_oneshot(&found[i]))
			disable(kq, &found[i]);
	return kept;
}

static int
translate_locked(struct kqueue *kq, struct kevent *found, int n,
    struct cmio_event *events)
{
	int before = cmio__cancel_off();

	cmio__lock(&kq->base.lock);
	n = translate_all(kq, found, n, events);
	cmio__unlock(&kq->base.lock);
	cmio__cancel_restore(before);
	return n;
}

/* No source needs the table. */
static int
translate_plain(const struct kqueue *kq, const struct kevent *found, int n,
    struct cmio_event *events)
{
	int i, kept = 0;

	for (i = 0; i < n; i++)
		if (!is_wake(kq, &found[i]) &&
		    fill(&events[kept], &found[i], 0))
			kept++;
	return kept;
}

int
cmio__kq_translate(struct kqueue *kq, struct kevent *found, int n,
    struct cmio_event *events)
{
	int i;

	n = atomic_load(&kq->look_up) ?
	    translate_locked(kq, found, n, events) :
	    translate_plain(kq, found, n, events);
	for (i = 0; i < n; i++) {
		cmio__probe_event("kqueue", &events[i]);
	}
	return n == 0 ? WOKEN : n;
}
