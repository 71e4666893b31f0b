/* SPDX-License-Identifier: MIT */
/*
 * The list of triggered events, and who sleeps: see user_event.h.
 *
 * Something outside of cmio may wait for the descriptor of a poll once
 * cmio_poll_fd() has returned it.  Such a poll is never NULL outside of a
 * wait, so that every trigger makes its descriptor readable.
 *
 * ops->wake can fail if the kernel has no memory.  Then the trigger fails,
 * but the event stays in the list, and the next trigger wakes the poll
 * (wake_failed).  A thread that triggers while another thread's wake is
 * failing returns 0: to see that failure would cost every wake two more
 * atomic operations.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/selector.h"
#include "selector/user_event.h"

/* What event->state holds; the first is the poll. */
enum { NEXT = 1, QUEUED = 2 };

#define asleep	cmio__user_events_asleep

/* Another address inside the poll, a sentinel like asleep(). */
static struct cmio_user_event *
in_hand(struct cmio_poll *poll)
{
	return (struct cmio_user_event *)(void *)&poll->triggered;
}

static bool
is_list(struct cmio_poll *poll, const struct cmio_user_event *value)
{
	return value != NULL && value != asleep(poll) &&
	    value != in_hand(poll);
}

/* Not NULL while the event is, or is about to be, in the list. */
static _Atomic(void *) *
queued(struct cmio_user_event *event)
{
	return (_Atomic(void *) *)&event->state[QUEUED];
}

void
cmio__user_events_init(struct cmio_poll *poll)
{
	atomic_init(&poll->triggered, asleep(poll));
	atomic_init(&poll->user_events, 0);
	atomic_init(&poll->exposed, false);
	atomic_init(&poll->wake_failed, false);
}

/* Returns 1 if the selector was woken. */
static int
wake(struct cmio_poll *poll)
{
	int rc;

	rc = poll->ops->wake(poll);
	if (rc == 0)
		return 1;
	atomic_store(&poll->wake_failed, true);
	return rc;
}

/* Wakes the poll if the last wake has failed. */
static int
repeat_failed_wake(struct cmio_poll *poll)
{
	if (!atomic_load_explicit(&poll->wake_failed, memory_order_relaxed) ||
	    !atomic_exchange(&poll->wake_failed, false))
		return 0;
	return wake(poll);
}

/* Puts a chain of events before the list, and wakes a poll that sleeps. */
static int
push(struct cmio_poll *poll, struct cmio_user_event *first,
    struct cmio_user_event *last)
{
	struct cmio_user_event *old;

	old = atomic_load_explicit(&poll->triggered, memory_order_relaxed);
	do
		last->state[NEXT] = is_list(poll, old) ? old : NULL;
	while (!atomic_compare_exchange_weak(&poll->triggered, &old, first));
	return old == asleep(poll) ? wake(poll) : repeat_failed_wake(poll);
}

int
cmio__user_events_trigger(struct cmio_poll *poll,
    struct cmio_user_event *event)
{
	/*
	 * An exchange and not a load: it publishes what the caller wrote
	 * before, also if the event is in the list already.
	 */
	if (atomic_exchange(queued(event), event) != NULL)
		return repeat_failed_wake(poll);
	return push(poll, event, event);
}

/* The value of poll->triggered when no thread has the list in hand. */
static struct cmio_user_event *
settled(struct cmio_poll *poll)
{
	struct cmio_user_event *value;

	value = atomic_load(&poll->triggered);
	if (value == in_hand(poll)) {
		cmio__lock(&poll->lock);
		value = atomic_load(&poll->triggered);
		cmio__unlock(&poll->lock);
	}
	return value;
}

bool
cmio__user_events_pending(struct cmio_poll *poll)
{
	return is_list(poll, settled(poll));
}

bool
cmio__user_events_fall_asleep(struct cmio_poll *poll)
{
	struct cmio_user_event *value = NULL;

	if (atomic_compare_exchange_strong(&poll->triggered, &value,
	    asleep(poll)))
		return true;
	/* Whoever has the list in hand leaves asleep() or a list. */
	if (value == in_hand(poll))
		value = settled(poll);
	return !is_list(poll, value);
}

void
cmio__user_events_run(struct cmio_poll *poll)
{
	struct cmio_user_event *value = asleep(poll);

	if (atomic_load(&poll->exposed))
		return;
	atomic_compare_exchange_strong(&poll->triggered, &value, NULL);
	/* cmio_poll_fd() may have been called in between. */
	if (atomic_load(&poll->exposed))
		cmio__user_events_fall_asleep(poll);
}

int
cmio__user_events_add(struct cmio_poll *poll, struct cmio_user_event *event,
    uintptr_t token)
{
	int rc = 0;

	cmio__lock(&poll->lock);
	if (cmio__user_events_none(poll))
		rc = poll->ops->wake_on(poll);
	if (rc == 0) {
		event->token = token;
		event->state[0] = poll;
		event->state[NEXT] = NULL;
		atomic_init(queued(event), NULL);
		atomic_fetch_add(&poll->user_events, 1);
	}
	cmio__unlock(&poll->lock);
	return rc;
}

static struct cmio_user_event *
without(struct cmio_user_event *list, const struct cmio_user_event *event)
{
	struct cmio_user_event *at;

	if (list == event)
		return list->state[NEXT];
	for (at = list; at != NULL; at = at->state[NEXT])
		if (at->state[NEXT] == event)
			at->state[NEXT] = event->state[NEXT];
	return list;
}

static struct cmio_user_event *
end_of(struct cmio_user_event *list)
{
	while (list->state[NEXT] != NULL)
		list = list->state[NEXT];
	return list;
}

/*
 * Takes an event out of the list, if it is there.  Nobody needs to be woken
 * for what is put back: the thread that made the list has done that.  The
 * lock is held.
 */
static void
unqueue(struct cmio_poll *poll, const struct cmio_user_event *event)
{
	struct cmio_user_event *list, *value = in_hand(poll);

	if (!is_list(poll, atomic_load(&poll->triggered)))
		return;
	list = atomic_exchange(&poll->triggered, value);
	list = without(list, event);
	if (list != NULL)
		push(poll, list, end_of(list));
	else	/* One wake too many is harmless. */
		atomic_compare_exchange_strong(&poll->triggered, &value,
		    asleep(poll));
}

void
cmio__user_events_remove(struct cmio_poll *poll,
    struct cmio_user_event *event)
{
	cmio__lock(&poll->lock);
	unqueue(poll, event);
	event->state[0] = NULL;
	if (atomic_fetch_sub(&poll->user_events, 1) == 1)
		poll->ops->wake_off(poll);
	cmio__unlock(&poll->lock);
}

void
cmio__user_events_expose(struct cmio_poll *poll)
{
	if (atomic_exchange(&poll->exposed, true) ||
	    cmio__user_events_fall_asleep(poll))
		return;
	/* What was triggered before makes the descriptor readable too. */
	cmio__lock(&poll->lock);
	if (is_list(poll, atomic_load(&poll->triggered)))
		wake(poll);
	cmio__unlock(&poll->lock);
}

static struct cmio_user_event *
reverse(struct cmio_user_event *list)
{
	struct cmio_user_event *next, *reversed = NULL;

	for (; list != NULL; list = next) {
		next = list->state[NEXT];
		list->state[NEXT] = reversed;
		reversed = list;
	}
	return reversed;
}

int
cmio__user_events_take(struct cmio_poll *poll, struct cmio_event *events,
    int room)
{
	struct cmio_user_event *list, *event;
	int n = 0;

	cmio__lock(&poll->lock);
	atomic_store_explicit(&poll->wake_failed, false, memory_order_relaxed);
	list = atomic_exchange(&poll->triggered, asleep(poll));
	list = is_list(poll, list) ? reverse(list) : NULL;
	cmio__user_events_run(poll);
	while (list != NULL && n < room) {
		event = list;
		list = event->state[NEXT];
		/* A trigger from here on is for the next wait. */
		atomic_exchange(queued(event), NULL);
		events[n++] = (struct cmio_event){
			.token = event->token,
			.ready = CMIO_READABLE,
		};
	}
	/* If the poll is exposed, this makes its descriptor readable again. */
	if (list != NULL)
		push(poll, reverse(list), list);
	cmio__unlock(&poll->lock);
	return n;
}
