/* SPDX-License-Identifier: MIT */
/*
 * The wait on poll(2): sleeps, and reports what the kernel has found.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/ppoll.h"
#include "port/wakefd.h"
#include "selector/looks.h"
#include "selector/poll/poll.h"
#include "selector/poll/set.h"
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

/* Waits for the array alone: a count, WOKEN or a negative errno number. */
static int
wait_for_array(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	struct pollset *pl = (struct pollset *)poll;
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
	int rc = -EBUSY;

	cmio__lock(&poll->lock);
	if (!pl->asleep)
		rc = cmio__look_and_wait(poll, &pl->records, &ops, events,
		    nevents, timeout);
	cmio__unlock(&poll->lock);
	return rc;
}
