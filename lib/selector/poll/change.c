/* SPDX-License-Identifier: MIT */
/* Changes of a set, which may be asleep in another thread. */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>

#include "port/wakefd.h"
#include "selector/poll/poll.h"
#include "selector/poll/set.h"
#include "selector/record.h"

/* The set is to be changed: a sleeper cannot see that. */
static void
wake_sleeper(struct pollset *pl)
{
	if (pl->asleep && !pl->woken) {
		pl->woken = true;
		cmio__wakefd_wake(&pl->wakefd);
	}
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
cmio__poll_insert(struct pollset *pl, struct record *r)
{
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
