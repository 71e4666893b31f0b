/* SPDX-License-Identifier: MIT */
/*
 * The wait on poll(2): sleeps, and reports what the kernel has found.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/cancel.h"
#include "port/ppoll.h"
#include "port/wakefd.h"
#include "selector/looks.h"
#include "selector/poll/poll.h"
#include "selector/poll/set.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

/* Returns whether there is something to report about a source. */
static bool
report(struct pollset *pl, struct entry *e, short revents,
    struct cmio_event *event)
{
	if (revents & POLLNVAL) {
		cmio__poll_drop(pl, &e->record);
		return false;
	}
	if (!cmio__record_report(&pl->records, &e->record, revents, event))
		return false;
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

/* The thread has slept: the array is its own again.  The lock is held. */
static void
wake_up(struct pollset *pl)
{
	cmio__set_take_back(&pl->set);
	pl->asleep = false;
}

/* The thread was cancelled while it slept. */
static void
cancelled(void *arg)
{
	struct pollset *pl = arg;

	cmio__lock(&pl->base.lock);
	wake_up(pl);
	cmio__set_settle(&pl->set);
	cmio__unlock(&pl->base.lock);
}

/* The only place where a thread may be cancelled, if it may sleep here. */
static int
sleep_cancellable(struct pollset *pl, nfds_t n, int64_t timeout)
{
	int found;

	pthread_cleanup_push(cancelled, pl);
	cmio__cancel_restore(pl->cancel_state);
	found = cmio__ppoll(pl->set.fds, n, timeout);
	cmio__cancel_off();
	pthread_cleanup_pop(0);
	return found;
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
	found = timeout == 0 ? cmio__ppoll(pl->set.fds, n, 0) :
	    sleep_cancellable(pl, n, timeout);
	cmio__lock(&pl->base.lock);
	wake_up(pl);
	return found;
}

/*
 * Takes the wakes that were found, if the descriptor is still the poll's own:
 * 0 or -EBADF.
 */
static int
take_wakes(struct pollset *pl, short revents)
{
	if ((revents & POLLNVAL) != 0 ||
	    pl->wakes_taken == atomic_load(&pl->wakes) ||
	    !cmio__pollable_still(pl->wakefd.fd, &pl->wake_file))
		return -EBADF;
	pl->wakes_taken += cmio__wakefd_take(&pl->wakefd);
	return 0;
}

/* What the kernel has found: a count, WOKEN or a negative errno number. */
static int
take_found(struct pollset *pl, nfds_t n, int found,
    struct cmio_event *events, int nevents)
{
	short woken = pl->set.fds[0].revents;
	int rc = 0;

	if (woken != 0)
		rc = take_wakes(pl, woken);
	if (rc != 0)
		return rc;
	rc = collect(pl, n, found - (woken != 0), events, nevents);
	return rc == 0 ? WOKEN : rc;
}

/* Waits for the array alone.  The lock is held. */
static int
wait_for_array(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	struct pollset *pl = (struct pollset *)poll;
	nfds_t n = pl->set.n;
	int rc;

	rc = sleep_once(pl, n, timeout);
	if (rc > 0)
		rc = take_found(pl, n, rc, events, nevents);
	else if (rc == 0 && timeout != 0 &&
	    !cmio__pollable_still(pl->wakefd.fd, &pl->wake_file))
		rc = -EBADF;
	cmio__set_settle(&pl->set);
	return rc;
}

static void
update(struct cmio_poll *poll, struct record *r)
{
	cmio__set_update(&((struct pollset *)poll)->set, entry(r));
}

static void
drop(struct cmio_poll *poll, struct record *r)
{
	cmio__poll_drop((struct pollset *)poll, r);
}

int
cmio__poll_wait(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	static const struct look_ops ops = { wait_for_array, update, drop };
	struct pollset *pl = (struct pollset *)poll;
	int before = cmio__cancel_off(), rc = -EBUSY;

	cmio__lock(&poll->lock);
	if (!pl->asleep) {
		pl->cancel_state = before;
		rc = cmio__look_and_wait(poll, &pl->records, &ops, events,
		    nevents, timeout);
	}
	cmio__unlock(&poll->lock);
	cmio__cancel_restore(before);
	return rc;
}
