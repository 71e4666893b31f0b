/* SPDX-License-Identifier: MIT */
/*
 * User events: events with no descriptor behind them.
 *
 * One word, poll->triggered, says which events are triggered and whether the
 * poll sleeps, so that no wake can be lost between the two.  It is one of
 *
 *	NULL		the poll runs, and no event is triggered
 *	asleep()	the poll sleeps, or has to be treated as if it did
 *	in_hand()	a thread that holds the lock has taken the list out,
 *			and is about to put it back
 *	a list		the events that are triggered, the last one first
 *
 * The thread that turns asleep() into a list wakes the poll by ops->wake.
 * Any thread and any signal handler may add to the list; only a thread that
 * holds the lock takes from it.
 *
 * These functions take polls and events that were checked, and return 0, a
 * count, or a negative errno number.
 */
#ifndef CMIO_USER_EVENT_H
#define CMIO_USER_EVENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/selector.h"

void	cmio__user_events_init(struct cmio_poll *poll);
int	cmio__user_events_add(struct cmio_poll *poll,
	    struct cmio_user_event *event, uintptr_t token);
void	cmio__user_events_remove(struct cmio_poll *poll,
	    struct cmio_user_event *event);

/* Returns 1 if the poll was asleep and has been woken. */
int	cmio__user_events_trigger(struct cmio_poll *poll,
	    struct cmio_user_event *event);

/*
 * From now on something outside of cmio may wait for the poll's descriptor:
 * every trigger has to make that readable.
 */
void	cmio__user_events_expose(struct cmio_poll *poll);

/* Whether an event is triggered. */
bool	cmio__user_events_pending(struct cmio_poll *poll);

/* Moves triggered events to the caller's array, and returns how many. */
int	cmio__user_events_take(struct cmio_poll *poll,
	    struct cmio_event *events, int room);

/* The poll runs from now on: a trigger need not wake it. */
void	cmio__user_events_run(struct cmio_poll *poll);

/*
 * From now on a trigger wakes the poll.  Returns false if an event is
 * triggered already: then the caller must not sleep.
 */
bool	cmio__user_events_fall_asleep(struct cmio_poll *poll);

/* NULL: the event is with no poll. */
static inline struct cmio_poll *
cmio__user_event_poll(const struct cmio_user_event *event)
{
	return event->state[0];
}

/* A poll without user events stays asleep(). */
static inline bool
cmio__user_events_none(struct cmio_poll *poll)
{
	return atomic_load_explicit(&poll->user_events,
	    memory_order_relaxed) == 0;
}

/* The poll's own address is a safe sentinel: no user event can have it. */
static inline struct cmio_user_event *
cmio__user_events_asleep(struct cmio_poll *poll)
{
	return (struct cmio_user_event *)(void *)poll;
}

/*
 * Whether a trigger wakes the poll already, as in a poll that has no user
 * events.  If not, cmio__user_events_fall_asleep() comes first.
 */
static inline bool
cmio__user_events_sleeping(struct cmio_poll *poll)
{
	return atomic_load_explicit(&poll->triggered,
	    memory_order_relaxed) == cmio__user_events_asleep(poll);
}

#endif
