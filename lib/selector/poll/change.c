/* SPDX-License-Identifier: MIT */
/* Changes of a set, which may be asleep in another thread. */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "port/cancel.h"
#include "port/wakefd.h"
#include "selector/poll/poll.h"
#include "selector/poll/set.h"
#include "selector/pollable.h"
#include "selector/record.h"

/*
 * The program may have closed the descriptor, and another file may have its
 * number.  A wake is counted before it is written, so that what can be read
 * without one is another file's.
 */
int
cmio__poll_wake(struct pollset *pl)
{
	int before = errno;
	bool own = cmio__pollable_still(pl->wakefd.write_fd, &pl->wake_file);

	errno = before;
	if (!own)
		return -EBADF;
	atomic_fetch_add(&pl->wakes, 1);
	return cmio__wakefd_wake(&pl->wakefd);
}

/* The set is to be changed: a sleeper cannot see that. */
static void
wake_sleeper(struct pollset *pl)
{
	int before;

	if (!pl->asleep || pl->woken)
		return;
	pl->woken = true;
	before = cmio__cancel_off();
	cmio__poll_wake(pl);
	cmio__cancel_restore(before);
}

void
cmio__poll_changed(struct pollset *pl, struct record *r)
{
	cmio__set_update(&pl->set, entry(r));
	wake_sleeper(pl);
}

/* A sleeper holds the file open. */
void
cmio__poll_drop(struct pollset *pl, struct record *r)
{
	if (!r->present)
		return;
	cmio__record_leave(&pl->records, r);
	cmio__set_remove(&pl->set, entry(r));
	wake_sleeper(pl);
}

int
cmio__poll_insert(struct cmio_poll *poll, struct record *r)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *other;
	int rc;

	rc = cmio__record_reserve(&pl->records, r, &other);
	if (rc == 0)
		rc = cmio__set_reserve(&pl->set);
	if (rc != 0)
		return rc;
	if (other != NULL)
		cmio__poll_drop(pl, other);
	cmio__record_enter(&pl->records, r);
	cmio__set_add(&pl->set, entry(r));
	wake_sleeper(pl);
	return 0;
}
