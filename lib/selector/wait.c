/* SPDX-License-Identifier: MIT */
/*
 * cmio_poll_wait(): the one wait of every poll.
 *
 * A turn of it tells the user events that the poll sleeps, calls the
 * selector, which writes what its kernel reports into the caller's array, and
 * puts the user events that are triggered behind that.  Nothing has been taken
 * from anywhere when the selector sleeps, so a thread may be cancelled there.
 *
 * The deadline is kept here alone: a selector may return before its time.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "port/clock.h"
#include "port/probe.h"
#include "port/result.h"
#include "selector/selector.h"
#include "selector/user_event.h"

/* The selector has returned n: what the turn comes to with user events. */
CMIO_NOINLINE static int
add_user_events(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int n)
{
	int count = n > 0 ? n : 0;

	if (n == -EBUSY)	/* Another thread is in this wait. */
		return n;
	cmio__user_events_run(poll);
	if (cmio__user_events_pending(poll))
		count += cmio__user_events_take(poll, events + count,
		    nevents - count);
	return count > 0 ? count : n;
}

/*
 * A turn that does not sleep, as something is triggered.  One place of the
 * array is kept for that.  If there is only one place, sources and user events
 * get it by turns.
 */
CMIO_NOINLINE static int
look(struct cmio_poll *poll, struct cmio_event *events, int nevents)
{
	int n = WOKEN;

	if (nevents > 1)
		n = poll->ops->wait(poll, events, nevents - 1, 0);
	else if (poll->sources_first)
		n = poll->ops->wait(poll, events, 1, 0);
	poll->sources_first = !poll->sources_first;
	return add_user_events(poll, events, nevents, n);
}

/* A turn of a poll that has user events, or has had some. */
CMIO_NOINLINE static int
turn_with_user_events(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	int n;

	if (!cmio__user_events_fall_asleep(poll))
		return look(poll, events, nevents);
	n = poll->ops->wait(poll, events, nevents, timeout);
	return add_user_events(poll, events, nevents, n);
}

/* Returns a count, 0, WOKEN, or a negative errno number. */
static inline int
turn(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	int n;

	if (!cmio__user_events_sleeping(poll))
		return turn_with_user_events(poll, events, nevents, timeout);
	n = poll->ops->wait(poll, events, nevents, timeout);
	/* Some may have been added meanwhile. */
	return cmio__user_events_none(poll) ? n :
	    add_user_events(poll, events, nevents, n);
}

/* A turn has come to n, which is no count: what the wait comes to. */
CMIO_NOINLINE static int
go_on(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t deadline, int n)
{
	int64_t left;

	while (n == 0 || n == WOKEN) {
		left = cmio__remaining(deadline);
		/* A wake may have hidden an event: look once more. */
		if (n == 0 && left == 0)
			return 0;
		n = turn(poll, events, nevents, left);
	}
	return cmio__result(n);
}

CMIO_NOINLINE static int
wait_with_deadline(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	int64_t deadline = cmio__deadline(timeout);
	int n;

	n = turn(poll, events, nevents, timeout);
	return n > 0 ? n : go_on(poll, events, nevents, deadline, n);
}

int
cmio_poll_wait(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	int n;

	if (poll == NULL || events == NULL || nevents < 1 || timeout < -1)
		return cmio__result(-EINVAL);
	cmio__probe_wait_begin(poll, nevents, timeout);
	if (timeout > 0)
		n = wait_with_deadline(poll, events, nevents, timeout);
	else if ((n = turn(poll, events, nevents, timeout)) <= 0)
		n = go_on(poll, events, nevents, timeout, n);
	cmio__probe_wait_end(poll, n);
	return n;
}
