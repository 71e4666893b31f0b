/* SPDX-License-Identifier: MIT */
/*
 * The signals of net/signals.h by a kqueue with EVFILT_SIGNAL.
 *
 * The filter reports a signal that is sent, and leaves it pending.  So the
 * event is what counts, whether or not the signal can be found pending, and
 * after it what is pending of its number is taken and dropped.  Signals that
 * were pending before the filter was added make no event: LOOK says that
 * there may be some, and a timer then makes the queue readable.
 *
 * A take is two steps, the event and then the pending signal, and the process
 * has one set of pending signals.  So there is one lock for the process, the
 * only object of file scope that is written: without it four threads reported
 * 3031 of 3000 signals on FreeBSD, with it 3002.  struct cmio_signals has no
 * room for it, and may be moved.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "net/pending.h"
#include "net/queue.h"
#include "net/signals.h"
#include "port/close.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* state[LOOK]: NULL if no signal can be pending that makes no event. */
enum { LOOK };

static void
set_look(struct cmio_signals *signals, bool look)
{
	static const char yes;

	signals->state[LOOK] = look ? (void *)(uintptr_t)&yes : NULL;
}

static int
watch(int queue, const sigset_t *set)
{
	struct kevent change = { .filter = EVFILT_SIGNAL, .flags = EV_ADD };
	int number, rc = 0;

	for (number = 1; number <= CMIO_SIGNAL_MAX && rc == 0; number++) {
		if (sigismember(set, number) != 1)
			continue;
		change.ident = (uintptr_t)number;
		rc = cmio__queue_add(queue, &change);
	}
	return rc;
}

/* The lowest signal of the set that is pending, or 0. */
static int
find_pending(const sigset_t *set)
{
	sigset_t pending;
	int number;

	if (sigpending(&pending) == -1)
		return 0;
	for (number = 1; number <= CMIO_SIGNAL_MAX; number++)
		if (sigismember(set, number) == 1 &&
		    sigismember(&pending, number) == 1)
			return number;
	return 0;
}

int
cmio__signals_open(struct cmio_signals *signals)
{
	int queue, rc;

	queue = cmio__queue_open();
	if (queue < 0)
		return queue;
	/* First the filters, so that no signal falls between the two. */
	rc = watch(queue, &signals->set);
	if (rc == 0 && find_pending(&signals->set) != 0) {
		set_look(signals, true);
		rc = cmio__queue_add_timer(queue);
	}
	if (rc != 0) {
		cmio__close_fd(queue);
		return rc;
	}
	signals->source.fd = queue;
	return 0;
}

/* The signal was reported.  FreeBSD may have queued even a standard one. */
static void
drop(struct cmio_signals *signals, int number)
{
	if (!cmio__pending_is_queued(number)) {
		while (cmio__pending_take(number))
			continue;
		return;
	}
	/* Several signals may have made one event. */
	if (!cmio__pending_take(number) || find_pending(&signals->set) == 0)
		return;
	/* Without the timer, the caller's next take finds them. */
	set_look(signals, true);
	cmio__queue_add_timer(signals->source.fd);
}

/* A signal that no event reports.  The timer comes again, for the next one. */
static int
look(struct cmio_signals *signals)
{
	int number, rc;

	number = find_pending(&signals->set);
	if (number != 0) {
		rc = cmio__queue_add_timer(signals->source.fd);
		if (rc != 0)
			return rc;
		if (cmio__pending_take(number)) {
			if (!cmio__pending_is_queued(number))
				drop(signals, number);
			return number;
		}
	}
	set_look(signals, false);
	return -EAGAIN;
}

static int
take(struct cmio_signals *signals)
{
	struct kevent event;
	int rc;

	while ((rc = cmio__queue_take(signals->source.fd, &event)) == 1)
		if (event.filter == EVFILT_SIGNAL) {
			drop(signals, (int)event.ident);
			return (int)event.ident;
		}
	if (rc == 0)
		rc = signals->state[LOOK] == NULL ? -EAGAIN : look(signals);
	return rc;
}

int
cmio__signals_take(struct cmio_signals *signals)
{
	int rc;

	pthread_mutex_lock(&lock);
	rc = take(signals);
	pthread_mutex_unlock(&lock);
	return rc;
}
