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
 * A poll without user events stays at asleep() and pays nothing.  One whose
 * kernel descriptor was handed out is never NULL outside a wait, as its
 * owner may then sleep elsewhere; what a wait leaves in its list has kicked
 * the selector since.
 *
 * A kick can fail, where the kernel has no memory for it.  Then the trigger
 * fails, but what it has put into the list stays there, and whoever triggers
 * next kicks (poll->unkicked).  A thread that triggers while another's kick is
 * failing is told that all is well: to see it would cost each kick two more
 * atomic operations.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "port/clock.h"
#include "port/result.h"
#include "selector/selector.h"
#include "selector/user_event.h"

/* What event->state holds; the first is the poll. */
enum { NEXT = 1, QUEUED = 2 };

/* How often to look where the time is up. */
enum { LOOKS = 3 };

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
	atomic_init(&poll->had_user_events, false);
	atomic_init(&poll->exposed, false);
	atomic_init(&poll->unkicked, false);
	atomic_init(&poll->kernel_first, false);
}

/* Returns 1 where that went well. */
static int
kick(struct cmio_poll *poll)
{
	int rc;

	rc = poll->ops->kick(poll);
	if (rc == 0)
		return 1;
	atomic_store(&poll->unkicked, true);
	return rc;
}

/* Where the list is another's, who has kicked, if that went well. */
static int
make_up_for_kick(struct cmio_poll *poll)
{
	if (!atomic_load_explicit(&poll->unkicked, memory_order_relaxed) ||
	    !atomic_exchange(&poll->unkicked, false))
		return 0;
	return kick(poll);
}

/* Puts a chain before the list, and kicks a poll that was asleep. */
static int
push(struct cmio_poll *poll, struct cmio_user_event *first,
    struct cmio_user_event *last)
{
	struct cmio_user_event *old;

	old = atomic_load_explicit(&poll->triggered, memory_order_relaxed);
	do
		last->state[NEXT] = old == asleep(poll) ? NULL : old;
	while (!atomic_compare_exchange_weak(&poll->triggered, &old, first));
	return old == asleep(poll) ? kick(poll) : make_up_for_kick(poll);
}

int
cmio__user_events_trigger(struct cmio_poll *poll,
    struct cmio_user_event *event)
{
	/* An exchange and no load: what came before it is published. */
	if (atomic_exchange(queued(event), event) != NULL)
		return make_up_for_kick(poll);
	return push(poll, event, event);
}

/* Returns false, and leaves the poll awake, where an event is triggered. */
static bool
fall_asleep(struct cmio_poll *poll)
{
	struct cmio_user_event *value = NULL;

	return atomic_compare_exchange_strong(&poll->triggered, &value,
	    asleep(poll)) || value == asleep(poll);
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
		atomic_store(&poll->had_user_events, true);
		atomic_store(&poll->enter, cmio__enter_user_events);
		/*
		 * A wait that began without user events looks at none, and
		 * must be kicked.  One that ends just now either finds what
		 * is stored above, or has set triggered to NULL before.
		 */
		fall_asleep(poll);
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
	if (atomic_fetch_sub(&poll->user_events, 1) == 1) {
		atomic_store(&poll->enter, poll->ops->enter);
		poll->ops->kick_off(poll);
	}
	cmio__unlock(&poll->lock);
}

bool
cmio__user_events_waiting(struct cmio_poll *poll)
{
	return is_list(poll, atomic_load(&poll->triggered));
}

/* Shows outside that something is triggered. */
static void
kick_for_list(struct cmio_poll *poll)
{
	cmio__lock(&poll->lock);
	if (cmio__user_events_waiting(poll))
		kick(poll);
	cmio__unlock(&poll->lock);
}

void
cmio__user_events_expose(struct cmio_poll *poll)
{
	if (!atomic_exchange(&poll->exposed, true) && !fall_asleep(poll))
		kick_for_list(poll);
}

/* The poll is awake from here on: what is triggered need not kick it. */
static void
wake_up(struct cmio_poll *poll)
{
	struct cmio_user_event *value = asleep(poll);

	if (atomic_load(&poll->triggered) != value ||
	    atomic_load(&poll->exposed))
		return;
	atomic_compare_exchange_strong(&poll->triggered, &value, NULL);
	/* Exposed just now: who did that may have come before. */
	if (atomic_load(&poll->exposed))
		fall_asleep(poll);
}

int
cmio__user_events_take(struct cmio_poll *poll, struct cmio_event *events,
    int room)
{
	struct cmio_user_event *list, *event;
	int n = 0;

	cmio__lock(&poll->lock);
	atomic_store_explicit(&poll->unkicked, false, memory_order_relaxed);
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

/* A list that another thread has in hand, to remove an event, counts. */
static bool
any_triggered(struct cmio_poll *poll)
{
	struct cmio_user_event *value = atomic_load(&poll->triggered);

	if (value == asleep(poll)) {
		cmio__lock(&poll->lock);
		value = atomic_load(&poll->triggered);
		cmio__unlock(&poll->lock);
	}
	return is_list(poll, value);
}

/*
 * Takes what is triggered before the selector's wait.  That keeps one place
 * of the array, or the only one every other time, so that neither kind of
 * event can starve the other.
 */
static int
take_first(struct cmio_poll *poll, struct cmio_event *events, int nevents)
{
	int n = 0;

	if (nevents > 1)
		return cmio__user_events_take(poll, events, nevents - 1);
	if (!atomic_load_explicit(&poll->kernel_first, memory_order_relaxed))
		n = cmio__user_events_take(poll, events, 1);
	atomic_store_explicit(&poll->kernel_first, n == 1,
	    memory_order_relaxed);
	return n;
}

/*
 * One wait of the selector's, which only looks where something is triggered
 * already.  Returns WOKEN where nothing has come of it.
 */
static int
wait_once(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	bool pending;
	int first = 0, n;

	pending = timeout == 0 ? any_triggered(poll) : !fall_asleep(poll);
	if (pending)
		first = take_first(poll, events, nevents);
	if (first == nevents)
		return first;
	n = poll->ops->wait(poll, events + first, nevents - first,
	    pending ? 0 : timeout);
	if (n == -EBUSY)	/* Another thread sleeps on. */
		return first > 0 ? first : n;
	wake_up(poll);
	if (n < 0 && n != WOKEN)
		return first > 0 ? first : n;
	if (n == WOKEN) {
		pending = true;
		n = 0;
	}
	n += first;
	if (n < nevents && any_triggered(poll))
		n += cmio__user_events_take(poll, events + n, nevents - n);
	return n == 0 && pending ? WOKEN : n;
}

static int
wait_again(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t deadline)
{
	int64_t left;
	int n, looks = 0;

	/*
	 * A kick can take the only place in the array; what it hid shows
	 * when one looks again, also after the deadline.
	 */
	do {
		left = cmio__remaining(deadline);
		n = wait_once(poll, events, nevents, left);
	} while (n == WOKEN && (left != 0 || ++looks < LOOKS));
	return n == WOKEN ? 0 : n;
}

/* What the public wait returns, when rc is what it has come to. */
static int
leave(struct cmio_poll *poll, int rc)
{
	if (atomic_load(&poll->exposed) && cmio__user_events_waiting(poll))
		kick_for_list(poll);
	return cmio__result(rc);
}

int
cmio__enter_user_events(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	int64_t deadline;
	int n;

	/* A look, and nothing is triggered: the selector's wait will do. */
	if (timeout == 0 && atomic_load(&poll->triggered) == NULL)
		return poll->ops->enter(poll, events, nevents, 0);
	if (nevents < 1 || timeout < -1)
		return cmio__result(-EINVAL);
	deadline = timeout > 0 ? cmio__deadline(timeout) : timeout;
	n = wait_once(poll, events, nevents, timeout);
	if (n == WOKEN)
		n = wait_again(poll, events, nevents, deadline);
	return leave(poll, n);
}

/*
 * A poll that never had a user event pays for no clock.  So where its first
 * one comes during a wait, wakes it, and is gone before it is seen, that
 * wait begins anew.
 */
int
cmio__enter(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	bool never = cmio__user_events_never(poll);
	int64_t deadline;
	int n, rc;

	if (nevents < 1 || timeout < -1)
		return cmio__result(-EINVAL);
	deadline = never ? 0 : cmio__deadline(timeout);
	rc = poll->ops->wait(poll, events, nevents, timeout);
	if (cmio__user_events_never(poll) || (rc < 0 && rc != WOKEN))
		return cmio__result(rc);
	/* What kicked it is there to be taken, or was removed since. */
	n = rc == WOKEN ? 0 : rc;
	if (n < nevents)
		n += cmio__user_events_take(poll, events + n, nevents - n);
	if (n == 0 && rc == WOKEN)
		n = wait_again(poll, events, nevents,
		    never ? cmio__deadline(timeout) : deadline);
	return leave(poll, n);
}
