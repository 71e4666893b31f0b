/* SPDX-License-Identifier: MIT */
/* The array of set.h. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "selector/poll/set.h"
#include "selector/poll_bits.h"

enum { FIRST_ROOM = 16 };

static void *
grow(void *array, size_t n, size_t size)
{
	return n > SIZE_MAX / size ? NULL : realloc(array, n * size);
}

int
cmio__set_open(struct set *set, int wake_fd)
{
	set->fds = grow(NULL, FIRST_ROOM, sizeof(*set->fds));
	if (set->fds == NULL)
		return -ENOMEM;
	set->entries = grow(NULL, FIRST_ROOM, sizeof(struct entry *));
	if (set->entries == NULL) {
		free(set->fds);
		return -ENOMEM;
	}
	set->room = FIRST_ROOM;
	set->fds[0] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
	set->entries[0] = NULL;
	set->n = 1;
	return 0;
}

void
cmio__set_close(struct set *set)
{
	free(set->entries);
	free(set->grown);
	free(set->fds);
}

/* Makes an array of this room that takes the place of the lent one later. */
static int
grow_beside(struct set *set, nfds_t room)
{
	bool first = set->grown == NULL;
	struct pollfd *fds;

	fds = grow(set->grown, room, sizeof(*fds));
	if (fds == NULL)
		return -ENOMEM;
	if (first)
		memcpy(fds + set->lent, set->fds + set->lent,
		    (set->n - set->lent) * sizeof(*fds));
	set->grown = fds;
	return 0;
}

static int
grow_fds(struct set *set, nfds_t room)
{
	struct pollfd *fds;

	if (set->lent != 0)
		return grow_beside(set, room);
	fds = grow(set->fds, room, sizeof(*fds));
	if (fds == NULL)
		return -ENOMEM;
	set->fds = fds;
	return 0;
}

int
cmio__set_reserve(struct set *set)
{
	nfds_t room = set->room * 2;
	struct entry **entries;
	int rc;

	if (set->n < set->room)
		return 0;
	entries = grow(set->entries, room, sizeof(struct entry *));
	if (entries == NULL)
		return -ENOMEM;
	set->entries = entries;
	rc = grow_fds(set, room);
	if (rc == 0)
		set->room = room;
	return rc;
}

/* What the kernel is asked about a source; fd -1 asks nothing. */
static void
ask(struct pollfd *p, const struct record *r)
{
	p->events = cmio__poll_events(r->interest, r->armed, r->reported);
	p->fd = cmio__poll_silent(r->interest, r->armed, r->reported) ?
	    -1 : r->fd;
}

static void
list(struct set *set, struct entry *e)
{
	if (e->listed)
		return;
	e->listed = true;
	e->next = set->changes;
	set->changes = e;
}

/* The kernel has the slots before, so that it may be written at once. */
void
cmio__set_add(struct set *set, struct entry *e)
{
	struct pollfd *fds = set->grown != NULL ? set->grown : set->fds;

	e->slot = set->n++;
	set->entries[e->slot] = e;
	fds[e->slot].revents = 0;
	ask(&fds[e->slot], &e->record);
}

void
cmio__set_update(struct set *set, struct entry *e)
{
	if (set->lent != 0)
		list(set, e);
	else
		ask(&set->fds[e->slot], &e->record);
}

/* The last slot takes the place of this one. */
static void
give_up_slot(struct set *set, struct entry *e)
{
	struct entry *last = set->entries[--set->n];

	set->entries[e->slot] = last;
	set->fds[e->slot] = set->fds[set->n];
	last->slot = e->slot;
	e->slot = 0;
}

void
cmio__set_remove(struct set *set, struct entry *e)
{
	if (e->slot == 0 || e->leaving)
		return;
	if (!set->fixed) {
		give_up_slot(set, e);
		return;
	}
	e->leaving = true;
	list(set, e);
}

void
cmio__set_free(struct entry *e)
{
	if (e->slot == 0)
		free(e);
	else
		e->orphan = true;
}

void
cmio__set_lend(struct set *set)
{
	set->lent = set->n;
	set->fixed = true;
}

static void
take_grown(struct set *set)
{
	if (set->grown == NULL)
		return;
	memcpy(set->grown, set->fds, set->lent * sizeof(*set->fds));
	free(set->fds);
	set->fds = set->grown;
	set->grown = NULL;
}

void
cmio__set_take_back(struct set *set)
{
	struct entry *e, *next = set->changes;

	take_grown(set);
	set->lent = 0;
	set->changes = NULL;
	while ((e = next) != NULL) {
		next = e->next;
		e->listed = false;
		if (e->leaving)
			list(set, e);
		else
			ask(&set->fds[e->slot], &e->record);
	}
}

void
cmio__set_settle(struct set *set)
{
	struct entry *e;

	while ((e = set->changes) != NULL) {
		set->changes = e->next;
		e->listed = e->leaving = false;
		give_up_slot(set, e);
		if (e->orphan)
			free(e);
	}
	set->fixed = false;
}
