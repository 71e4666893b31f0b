/* SPDX-License-Identifier: MIT */
/*
 * A poll of poll(2): its structure, and what a change and a wait share.
 */
#ifndef CMIO_POLL_POLL_H
#define CMIO_POLL_POLL_H

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/wakefd.h"
#include "selector/poll/set.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

struct pollset {
	struct cmio_poll	base;
	struct wakefd		wakefd;
	struct pollable		wake_file;	/* of wakefd */
	atomic_uint		wakes;		/* that were begun */
	unsigned int		wakes_taken;
	struct records		records;
	struct set		set;
	nfds_t			next;		/* where to look first */
	bool			asleep;
	int			cancel_state;	/* of the thread that waits */
	bool			woken;		/* for a change, since then */
};

static inline struct entry *
entry(struct record *r)
{
	return (struct entry *)r;
}

/*
 * A record comes, has changed, goes.  The lock is held.  Returns 0 or a
 * negative errno number.
 */
int	cmio__poll_insert(struct cmio_poll *poll, struct record *r);
void	cmio__poll_changed(struct pollset *pl, struct record *r);
void	cmio__poll_drop(struct pollset *pl, struct record *r);

/* Wakes who waits, from any thread or signal handler: 0 or -errno. */
int	cmio__poll_wake(struct pollset *pl);

/* The selector's wait. */
int	cmio__poll_wait(struct cmio_poll *poll, struct cmio_event *events,
	    int nevents, int64_t timeout);

#endif
