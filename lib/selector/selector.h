/* SPDX-License-Identifier: MIT */
/*
 * The seam: everything that differs between kernels is behind selector_ops.
 *
 * doc/HACKING says what each function has to do.  A function returns 0, a
 * count, or a negative errno number.
 */
#ifndef CMIO_SELECTOR_H
#define CMIO_SELECTOR_H

#include "config.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "port/api.h"
#include "port/lock.h"

/*
 * What wait returns if nothing that ended it is for the caller: a wake, or
 * an event that is out of date.
 */
enum { WOKEN = INT_MIN };

/* The interest of a source, without its triggers. */
enum { DIRECTIONS = CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY };

struct selector_ops {
	const char	 *name;
	unsigned int	  interest;	/* what it can report */

	int	(*open)(struct cmio_poll **poll);
	void	(*close)(struct cmio_poll *poll);
	int	(*add)(struct cmio_poll *poll, struct cmio_source *source,
		    uintptr_t token, unsigned int interest);
	int	(*modify)(struct cmio_poll *poll, struct cmio_source *source,
		    uintptr_t token, unsigned int interest);
	void	(*remove)(struct cmio_poll *poll, struct cmio_source *source);
	/* As remove, but may leave to close(2) what close(2) does. */
	void	(*forget)(struct cmio_poll *poll, struct cmio_source *source);
	int	(*rearm)(struct cmio_poll *poll, struct cmio_source *source,
		    unsigned int directions);
	/* May return 0 before the time is up: it is called again then. */
	int	(*wait)(struct cmio_poll *poll, struct cmio_event *events,
		    int nevents, int64_t timeout);
	cmio_fd	(*kernel_fd)(const struct cmio_poll *poll);

	/*
	 * Ending another thread's wait.  wake_on comes before the first wake
	 * and wake_off after the last; wake may run in a signal handler.
	 */
	int	(*wake_on)(struct cmio_poll *poll);
	int	(*wake_off)(struct cmio_poll *poll);	/* cannot fail */
	int	(*wake)(struct cmio_poll *poll);
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
	atomic_uint			 refs;	/* handles of the program's */
	atomic_uint			 holds;	/* sources, events, handles */

	/* User events: see user_event.h. */
	_Atomic(struct cmio_user_event *) triggered;
	atomic_uint			 user_events;
	atomic_bool			 exposed;
	atomic_bool			 wake_failed;
	bool				 sources_first;	/* see wait.c */
	struct lock			 lock;
};

static inline struct cmio_poll *
cmio__source_poll(const struct cmio_source *source)
{
	const struct registration *r = source->state;

	return r == NULL ? NULL : r->poll;
}

/* For the slots of a selector that has nothing to do there. */
static inline int
cmio__no_op(struct cmio_poll *poll)
{
	(void)poll;
	return 0;
}

static inline int
cmio__no_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	(void)source;
	(void)directions;
	return cmio__no_op(poll);
}

extern const struct selector_ops *const cmio__selectors[];

#endif
