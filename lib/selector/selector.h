/* SPDX-License-Identifier: MIT */
/*
 * The seam: all that differs between kernels is behind selector_ops.
 *
 * doc/HACKING describes what each function owes.  Functions return 0, a
 * count, or a negative errno number, but for those that end a public one.
 */
#ifndef CMIO_SELECTOR_H
#define CMIO_SELECTOR_H

#include "config.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "port/alone.h"
#include "port/api.h"
#include "port/lock.h"

/* What wait returns where only a kick has ended it. */
enum { WOKEN = INT_MIN };

/* The interest of a source, without its triggers. */
enum { DIRECTIONS = CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY };

struct selector_ops {
	const char	 *name;
	unsigned int	  interest;	/* what it can report, and no more */

	int	(*open)(struct cmio_poll **poll);
	void	(*close)(struct cmio_poll *poll);
	/*
	 * These two return what the public functions do, -1 and errno: what
	 * is still to be done after a system call costs more than the rest.
	 * Where add succeeds it calls cmio__hold().
	 */
	int	(*add)(struct cmio_poll *poll, struct cmio_source *source,
		    uintptr_t token, unsigned int interest);
	int	(*modify)(struct cmio_poll *poll, struct cmio_source *source,
		    uintptr_t token, unsigned int interest);
	void	(*remove)(struct cmio_poll *poll, struct cmio_source *source);
	/* As remove, but may leave what closing the descriptor does. */
	void	(*forget)(struct cmio_poll *poll, struct cmio_source *source);
	int	(*rearm)(struct cmio_poll *poll, struct cmio_source *source,
		    unsigned int directions);
	int	(*wait)(struct cmio_poll *poll, struct cmio_event *events,
		    int nevents, int64_t timeout);
	/*
	 * The public wait on a poll without user events, or a look at one
	 * where none is triggered (but may be any time), arguments unchecked
	 * but for NULL: cmio__enter, or a shorter way to the same.
	 */
	int	(*enter)(struct cmio_poll *poll, struct cmio_event *events,
		    int nevents, int64_t timeout);
	cmio_fd	(*kernel_fd)(const struct cmio_poll *poll);

	/*
	 * Ending another thread's wait.  kick_on comes before the first kick
	 * and kick_off after the last; kick may run in a signal handler.
	 */
	int	(*kick_on)(struct cmio_poll *poll);
	void	(*kick_off)(struct cmio_poll *poll);
	int	(*kick)(struct cmio_poll *poll);
};

/*
 * The first member of whatever source->state points to: the poll itself, or
 * the record of a selector that keeps one for each source.
 */
struct registration {
	struct cmio_poll	*poll;
};

/* The first member of each selector's own structure. */
struct cmio_poll {
	struct registration		 self;
	const struct selector_ops	*ops;
	/* ops->enter, or cmio__enter_user_events. */
	int (*_Atomic enter)(struct cmio_poll *, struct cmio_event *, int,
	    int64_t);
	atomic_uint			 refs;	/* handles of the program's */
	atomic_uint			 holds;	/* sources, events, handles */

	/* User events: see user_event.c. */
	_Atomic(struct cmio_user_event *) triggered;
	atomic_uint			 user_events;
	atomic_bool			 had_user_events;
	atomic_bool			 exposed;
	atomic_bool			 unkicked;
	atomic_bool			 kernel_first;
	struct lock			 lock;
};

/*
 * A source or a user event has been added.  The program has a handle of the
 * poll meanwhile, or it could not have called.
 */
static inline void
cmio__hold(struct cmio_poll *poll)
{
	cmio__count(&poll->holds, 1);
}

static inline struct cmio_poll *
cmio__source_poll(const struct cmio_source *source)
{
	const struct registration *r = source->state;

	return r == NULL ? NULL : r->poll;
}

/*
 * Where a poll has none, its wait is the selector's alone.  (In one order
 * with what is done to triggered: see cmio__user_events_add().)
 */
static inline bool
cmio__user_events_none(struct cmio_poll *poll)
{
	return atomic_load(&poll->user_events) == 0;
}

/* Where it has never had any, no kick can be among its events. */
static inline bool
cmio__user_events_never(struct cmio_poll *poll)
{
	return !atomic_load_explicit(&poll->had_user_events,
	    memory_order_relaxed);
}

/* Whether any is triggered.  The lock is held. */
bool	cmio__user_events_waiting(struct cmio_poll *poll);

/* Moves triggered events to the caller's array, and returns how many. */
int	cmio__user_events_take(struct cmio_poll *poll,
	    struct cmio_event *events, int room);

/*
 * Public waits: they check their arguments, call ops->wait, and set errno.
 * The first is for where ops->enter is called, the second for any poll.
 */
int	cmio__enter(struct cmio_poll *poll, struct cmio_event *events,
	    int nevents, int64_t timeout);
int	cmio__enter_user_events(struct cmio_poll *poll,
	    struct cmio_event *events, int nevents, int64_t timeout);

extern const struct selector_ops *const cmio__selectors[];

#endif
