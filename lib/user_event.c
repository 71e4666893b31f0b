/* SPDX-License-Identifier: MIT */
/*
 * User events: a list of the triggered, and whether the poll sleeps.
 *
 * Both are one word, poll->triggered, so that no wake can fall between
 * them: it is NULL (the poll runs, nothing is triggered), asleep() (it
 * sleeps, or must be taken to), or the last event triggered, which links to
 * the one before.  Who turns asleep() into a list kicks the selector.  Any
 * thread and any signal handler may add to the list; only the holder of the
 * lock takes from it.
 *
 * A poll without user events stays at asleep() and pays nothing.  So does
 * one whose kernel descriptor was handed out, as its owner may then sleep
 * elsewhere.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "port/clock.h"
#include "selector/selector.h"
#include "user_event.h"

/* What event->state holds; the first is the poll. */
enum { NEXT = 1, QUEUED = 2 };

/* No event lies where the poll does. */
static struct cmio_user_event *
asleep(struct cmio_poll *poll)
{
	return (struct cmio_user_event *)(void *)poll;
}

/* Not NULL while the event is, or is about to be, in the list. */
static _Atomic(void *) *
queued(struct cmio_user_event *event)
{
	return (_Atomic(void *) *)&event->state[QUEUED];
}

static bool
is_list(struct cmio_poll *poll, const struct cmio_user_event *value)
{
	return value != NULL && value != asleep(poll);
}

void
cmio__user_events_init(struct cmio_poll *poll)
{
	atomic_init(&poll->triggered, asleep(poll));
	atomic_init(&poll->user_events, 0);
	atomic_init(&poll->exposed, false);
	poll->kernel_first = false;
}

/* Puts a chain before the list, and kicks a poll that was asleep. */
static int
push(struct cmio_poll *poll, struct cmio_user_event *first,
    struct cmio_user_event *last)
{
	struct cmio_user_event *old;
	int rc;

	old = atomic_load_explicit(&poll->triggered, memory_order_relaxed);
	do
		last->state[NEXT] = old == asleep(poll) ? NULL : old;
	while (!atomic_compare_exchange_weak(&poll->triggered, &old, first));
	if (old != asleep(poll))
		return 0;
	rc = poll->ops->kick(poll);
	return rc == 0 ? 1 : rc;
}

int
cmio__user_events_trigger(struct cmio_poll *poll,
    struct cmio_user_event *event)
{
	/* An exchange and no load: what came before it is published. */
	if (atomic_exchange(queued(event), event) != NULL)
		return 0;
	return push(poll, event, event);
}

int
cmio__user_events_add(struct cmio_poll *poll, struct cmio_user_event *event,
    uintptr_t token)
{
	int rc = 0;

	cmio__lock(&poll->lock);
	if (cmio__user_events_none(poll))
		rc = poll->ops->kick_on(poll);
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

/*
 * Takes the list, oldest first.  The poll counts as asleep then: a kick too
 * many is harmless.  The lock is held.
 */
static struct cmio_user_event *
detach(struct cmio_poll *poll)
{
	struct cmio_user_event *list;

	list = atomic_exchange(&poll->triggered, asleep(poll));
	return is_list(poll, list) ? reverse(list) : NULL;
}

/* Puts back what detach() returned, or the end of it.  The lock is held. */
static void
reattach(struct cmio_poll *poll, struct cmio_user_event *list)
{
	if (list != NULL)
		push(poll, reverse(list), list);
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

void
cmio__user_events_remove(struct cmio_poll *poll,
    struct cmio_user_event *event)
{
	cmio__lock(&poll->lock);
	reattach(poll, without(detach(poll), event));
	event->state[0] = NULL;
	if (atomic_fetch_sub(&poll->user_events, 1) == 1)
		poll->ops->kick_off(poll);
	cmio__unlock(&poll->lock);
}

void
cmio__user_events_expose(struct cmio_poll *poll)
{
	struct cmio_user_event *value = NULL;

	if (atomic_exchange(&poll->exposed, true))
		return;
	if (!atomic_compare_exchange_strong(&poll->triggered, &value,
	    asleep(poll)) && value != asleep(poll))
		poll->ops->kick(poll);
}

/* Returns false, and leaves the poll awake, where an event is triggered. */
static bool
fall_asleep(struct cmio_poll *poll)
{
	struct cmio_user_event *value = NULL;

	return atomic_compare_exchange_strong(&poll->triggered, &value,
	    asleep(poll)) || value == asleep(poll);
}

static void
wake_up(struct cmio_poll *poll)
{
	struct cmio_user_event *value = asleep(poll);

	if (atomic_load(&poll->exposed))
		return;
	atomic_compare_exchange_strong(&poll->triggered, &value, NULL);
	/* Exposed just now: who did that may have come before. */
	if (atomic_load(&poll->exposed))
		fall_asleep(poll);
}

/* Moves triggered events to the caller's array, and returns how many. */
static int
take(struct cmio_poll *poll, struct cmio_event *events, int room)
{
	struct cmio_user_event *list, *event;
	int n = 0;

	cmio__lock(&poll->lock);
	list = detach(poll);
	wake_up(poll);
	while (list != NULL && n < room) {
		event = list;
		list = event->state[NEXT];
		/* From here on a trigger counts for the next wait. */
		atomic_exchange(queued(event), NULL);
		events[n++] = (struct cmio_event){
			.token = event->token,
			.ready = CMIO_READABLE,
		};
	}
	reattach(poll, list);
	cmio__unlock(&poll->lock);
	return n;
}

static bool
any_triggered(struct cmio_poll *poll)
{
	return is_list(poll, atomic_load(&poll->triggered));
}

/*
 * One wait of the selector's.  Where something is triggered already it only
 * looks, so that neither kind of event can starve the other.
 */
static int
wait_once(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	bool pending;
	int first = 0, n;

	pending = timeout == 0 ? any_triggered(poll) : !fall_asleep(poll);
	if (pending && !(nevents == 1 && poll->kernel_first))
		first = take(poll, events, nevents > 1 ? nevents - 1 : 1);
	poll->kernel_first = first == nevents;
	if (first == nevents)
		return first;
	n = poll->ops->wait(poll, events + first, nevents - first,
	    pending ? 0 : timeout);
	wake_up(poll);
	if (n < 0 && n != WOKEN)
		return first > 0 ? first : n;
	if (n == WOKEN) {
		pending = true;
		n = 0;
	}
	n += first;
	if (n < nevents && any_triggered(poll))
		n += take(poll, events + n, nevents - n);
	return n == 0 && pending ? WOKEN : n;
}

int
cmio__user_events_wait(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	int64_t deadline = cmio__deadline(timeout);
	int n;

	do
		n = wait_once(poll, events, nevents,
		    cmio__remaining(deadline));
	while (n == WOKEN);
	return n;
}
