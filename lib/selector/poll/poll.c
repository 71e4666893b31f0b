/* SPDX-License-Identifier: MIT */
/*
 * Readiness by poll(2): every Unix.
 *
 * Each source has a record here, and a slot in the array that the kernel
 * reads.  While a thread sleeps that array is the kernel's: others change the
 * records and wake the sleeper, who brings the array up to date.
 *
 * A hang-up or an error cannot be masked, so a descriptor that has reported
 * one is passed over until it is rearmed or reregistered.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/ppoll.h"
#include "port/wakefd.h"
#include "selector/poll/set.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

struct pollset {
	struct cmio_poll	base;
	struct wakefd		wakefd;
	struct record_table	table;
	struct set		set;
	nfds_t			next;		/* where to look first */
	bool			asleep;
	bool			woken;		/* since it fell asleep */
};

static int
pl_open(struct cmio_poll **out)
{
	struct pollset *pl;
	int rc;

	pl = calloc(1, sizeof(*pl));
	if (pl == NULL)
		return -ENOMEM;
	rc = cmio__wakefd_open(&pl->wakefd);
	if (rc != 0)
		goto no_wakefd;
	rc = cmio__set_open(&pl->set, pl->wakefd.fd);
	if (rc != 0)
		goto no_set;
	pl->next = 1;
	*out = &pl->base;
	return 0;

no_set:
	cmio__wakefd_close(&pl->wakefd);
no_wakefd:
	free(pl);
	return rc;
}

static void
pl_close(struct cmio_poll *poll)
{
	struct pollset *pl = (struct pollset *)poll;

	cmio__set_close(&pl->set);
	cmio__wakefd_close(&pl->wakefd);
	free(pl->table.by_fd);
	free(pl);
}

static struct entry *
entry(struct record *r)
{
	return (struct entry *)r;
}

/* The set is to be changed: a sleeper cannot see that. */
static void
wake_sleeper(struct pollset *pl)
{
	if (pl->asleep && !pl->woken) {
		pl->woken = true;
		cmio__wakefd_wake(&pl->wakefd);
	}
}

static void
changed(struct pollset *pl, struct record *r)
{
	cmio__set_update(&pl->set, entry(r));
	wake_sleeper(pl);
}

/* Takes a record out of the set.  A sleeper holds the file open. */
static void
drop(struct pollset *pl, struct record *r)
{
	if (!r->present)
		return;
	cmio__record_leave(&pl->table, r);
	cmio__set_remove(&pl->set, entry(r));
	wake_sleeper(pl);
}

static int
insert(struct pollset *pl, struct record *r)
{
	struct record *other;
	int rc;

	rc = cmio__record_reserve(&pl->table, r, &other);
	if (rc == 0)
		rc = cmio__set_reserve(&pl->set);
	if (rc != 0)
		return rc;
	if (other != NULL)
		drop(pl, other);
	cmio__record_enter(&pl->table, r);
	cmio__set_add(&pl->set, entry(r));
	wake_sleeper(pl);
	return 0;
}

static int
pl_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r;
	int rc;

	rc = cmio__record_new(poll, source, token, interest,
	    sizeof(struct entry), &r);
	if (rc != 0)
		return rc;
	cmio__lock(&poll->lock);
	rc = insert(pl, r);
	cmio__unlock(&poll->lock);
	if (rc != 0) {
		free(r);
		return rc;
	}
	source->state = &r->base;
	return 0;
}

static int
pl_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;
	struct pollable file;
	int rc;

	rc = cmio__pollable(r->fd, &file);
	if (rc != 0)
		return rc;
	cmio__lock(&poll->lock);
	if (cmio__record_is(r, &file)) {
		cmio__record_set(r, token, interest);
		entry(r)->unsure = false;
		changed(pl, r);
	} else
		rc = -ENOENT;
	cmio__unlock(&poll->lock);
	return rc;
}

static void
pl_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	drop(pl, r);
	cmio__set_free(entry(r));
	cmio__unlock(&poll->lock);
}

static int
pl_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	entry(r)->unsure = false;
	if (cmio__record_rearm(r, directions))
		changed(pl, r);
	cmio__unlock(&poll->lock);
	return 0;
}

/*
 * Whether a source is to be reported.  If its descriptor was closed without
 * cmio_deregister(), drop the source, as epoll and kqueue do.
 * Asking takes a system call.  So that is left out once after each time that
 * the file was seen to be the same, or that the program has had the source
 * in hand: the event of another that got the number since may be taken for
 * the source's, once.
 */
static bool
still_there(struct entry *e, short revents)
{
	e->unsure = !e->unsure;
	if (e->unsure && (revents & POLLNVAL) == 0)
		return true;
	return cmio__pollable_still(e->record.fd, &e->record.file);
}

/* Returns whether there is something to report about a source. */
static bool
report(struct pollset *pl, struct entry *e, short revents,
    struct cmio_event *event)
{
	if (!still_there(e, revents)) {
		drop(pl, &e->record);
		return false;
	}
	if (!cmio__record_report(&e->record, revents, event))
		return false;
	if (revents & POLLNVAL)
		drop(pl, &e->record);
	else
		cmio__set_update(&pl->set, e);
	return true;
}

/* The first slot from here on in which the kernel has found something. */
static nfds_t
next_found(const struct pollfd *fds, nfds_t slot, nfds_t end)
{
	while (slot < end && fds[slot].revents == 0)
		slot++;
	return slot;
}

/*
 * Reports what the kernel found in the first n slots, once around.  What
 * does not fit is where the next wait begins.
 */
static int
collect(struct pollset *pl, nfds_t n, int found, struct cmio_event *events,
    int nevents)
{
	nfds_t first = pl->next < n ? pl->next : 1, slot = first, end = n;
	const struct pollfd *fds = pl->set.fds;
	struct entry *e;
	int count = 0;

	while (found > 0 && count < nevents) {
		slot = next_found(fds, slot, end);
		if (slot == end) {
			if (end == first)
				break;
			slot = 1;
			end = first;
			continue;
		}
		found--;
		e = pl->set.entries[slot];
		if (!e->leaving &&
		    report(pl, e, fds[slot].revents, &events[count]))
			count++;
		slot++;
	}
	pl->next = slot < n ? slot : 1;
	return count;
}

/* Sleeps once, without the lock, and returns as poll(2) inside here does. */
static int
sleep_once(struct pollset *pl, nfds_t n, int64_t timeout)
{
	int found;

	pl->asleep = true;
	pl->woken = false;
	cmio__set_lend(&pl->set);
	cmio__unlock(&pl->base.lock);
	found = cmio__ppoll(pl->set.fds, n, timeout);
	cmio__lock(&pl->base.lock);
	cmio__set_take_back(&pl->set);
	pl->asleep = false;
	return found;
}

/* One turn of the wait: a count, WOKEN or a negative errno number. */
static int
wait_once(struct pollset *pl, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	nfds_t n = pl->set.n;
	bool woken;
	int found, rc;

	found = sleep_once(pl, n, timeout);
	rc = found;
	if (found > 0) {
		woken = pl->set.fds[0].revents != 0;
		if (woken)
			cmio__wakefd_drain(&pl->wakefd);
		rc = collect(pl, n, found - woken, events, nevents);
		if (rc == 0)
			rc = WOKEN;
	}
	cmio__set_settle(&pl->set);
	return rc;
}

static int
pl_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct pollset *pl = (struct pollset *)poll;
	int rc;

	cmio__lock(&poll->lock);
	if (pl->asleep) {
		cmio__unlock(&poll->lock);
		return -EBUSY;
	}
	rc = wait_once(pl, events, nevents, timeout);
	cmio__unlock(&poll->lock);
	return rc;
}

static cmio_fd
pl_kernel_fd(const struct cmio_poll *poll)
{
	(void)poll;
	return CMIO_FD_NONE;
}

static int
pl_wake(struct cmio_poll *poll)
{
	return cmio__wakefd_wake(&((struct pollset *)poll)->wakefd);
}

const struct selector_ops cmio__poll = {
	.name = "poll",
	.interest = DIRECTIONS,
	.open = pl_open,
	.close = pl_close,
	.add = pl_add,
	.modify = pl_modify,
	.remove = pl_remove,
	.forget = pl_remove,
	.rearm = pl_rearm,
	.wait = pl_wait,
	.kernel_fd = pl_kernel_fd,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = pl_wake,
};
