/* SPDX-License-Identifier: MIT */
/*
 * Readiness by poll(2): every Unix.
 *
 * Each source has a record here, in a slot of its own; the array that the
 * kernel reads is made from the records.  While a thread sleeps that array
 * is the kernel's: others change the records, and kick the sleeper, who
 * brings the array up to date when it is back.  Slot 0 is the descriptor
 * that kicks it.
 *
 * An edge is made by going deaf: a direction that was reported is not asked
 * for again before rearm or modify.  A hang-up or an error cannot be masked,
 * so a descriptor that has reported one is passed over until then.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/clock.h"
#include "port/ppoll.h"
#include "port/result.h"
#include "port/wakefd.h"
#include "selector/by_fd.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/selector.h"

enum { FIRST_ROOM = 16 };

struct record {
	struct registration	base;
	uintptr_t		token;
	int			fd;
	struct pollable		file;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;		/* what is listened for */
	short			told;		/* ends that were reported */
	bool			unsure;		/* see still_there() */
	nfds_t			slot;
};

struct pollset {
	struct cmio_poll	base;
	struct wakefd		kick;
	struct pollfd		*fds;		/* the sleeper's */
	struct pollfd		*grown;		/* to be fds next, or NULL */
	struct record		**records;	/* by slot; NULL: removed */
	struct record		**by_fd;
	nfds_t			n;		/* slots in use */
	nfds_t			room;		/* in fds or grown, records */
	nfds_t			next;		/* where to look first */
	int			fd_room;	/* in by_fd */
	bool			asleep;
	bool			kicked;		/* since it fell asleep */
	bool			behind;		/* fds is, see catch_up() */
};

/* What the kernel is asked about a source; fd -1 asks nothing. */
static struct pollfd
ask(const struct record *r)
{
	struct pollfd p = { .fd = r->fd };

	p.events = cmio__poll_events(r->interest, r->armed, r->told);
	if (cmio__poll_deaf(r->interest, r->armed, r->told))
		p.fd = -1;
	return p;
}

static void *
grow(void *array, size_t n, size_t size)
{
	return n > SIZE_MAX / size ? NULL : realloc(array, n * size);
}

static int
pl_open(struct cmio_poll **out)
{
	struct pollset *pl;
	int rc = -ENOMEM;

	pl = calloc(1, sizeof(*pl));
	if (pl == NULL)
		return -ENOMEM;
	pl->fds = grow(NULL, FIRST_ROOM, sizeof(*pl->fds));
	pl->records = grow(NULL, FIRST_ROOM, sizeof(struct record *));
	if (pl->fds == NULL || pl->records == NULL)
		goto no_memory;
	rc = cmio__wakefd_open(&pl->kick);
	if (rc != 0)
		goto no_memory;
	pl->room = FIRST_ROOM;
	pl->fds[0] = (struct pollfd){ .fd = pl->kick.fd, .events = POLLIN };
	pl->records[0] = NULL;
	pl->n = pl->next = 1;
	*out = &pl->base;
	return 0;

no_memory:
	free(pl->records);
	free(pl->fds);
	free(pl);
	return rc;
}

static void
pl_close(struct cmio_poll *poll)
{
	struct pollset *pl = (struct pollset *)poll;

	cmio__wakefd_close(&pl->kick);
	free(pl->by_fd);
	free(pl->records);
	free(pl->grown);
	free(pl->fds);
	free(pl);
}

/* The array is behind the records.  The lock is held. */
static void
fall_behind(struct pollset *pl)
{
	pl->behind = true;
	if (pl->asleep && !pl->kicked) {
		pl->kicked = true;
		cmio__wakefd_signal(&pl->kick);
	}
}

/* A record has changed.  The lock is held. */
static void
changed(struct pollset *pl, const struct record *r)
{
	if (pl->asleep)
		fall_behind(pl);
	else
		pl->fds[r->slot] = ask(r);
}

static int
reserve_fd(struct pollset *pl, int fd)
{
	struct record **by_fd;

	by_fd = cmio__by_fd_reserve(pl->by_fd, &pl->fd_room, fd,
	    sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	pl->by_fd = by_fd;
	return 0;
}

/* Makes room for one more slot.  The array of a sleeper stays where it is. */
static int
reserve_slot(struct pollset *pl)
{
	nfds_t room = pl->room * 2;
	struct record **records;
	struct pollfd *fds;

	if (pl->n < pl->room)
		return 0;
	records = grow(pl->records, room, sizeof(*records));
	if (records == NULL)
		return -ENOMEM;
	pl->records = records;
	fds = grow(pl->asleep ? pl->grown : pl->fds, room, sizeof(*fds));
	if (fds == NULL)
		return -ENOMEM;
	if (pl->asleep)
		pl->grown = fds;
	else
		pl->fds = fds;
	pl->room = room;
	return 0;
}

static void
set_interest(struct record *r, uintptr_t token, unsigned int interest)
{
	r->token = token;
	r->interest = interest;
	r->armed = interest & DIRECTIONS;
	r->told = 0;
	r->unsure = false;
}

/* Takes a record out of the set.  The lock is held. */
static void
drop(struct pollset *pl, struct record *r)
{
	struct record *last;

	if (r->slot == 0)
		return;
	if (pl->by_fd[r->fd] == r)
		pl->by_fd[r->fd] = NULL;
	if (pl->asleep || pl->behind) {
		/* The sleeper holds the file open until it is back. */
		pl->records[r->slot] = NULL;
		fall_behind(pl);
	} else {
		last = pl->records[--pl->n];
		pl->records[r->slot] = last;
		pl->fds[r->slot] = pl->fds[pl->n];
		last->slot = r->slot;
	}
	r->slot = 0;
}

static int
insert(struct pollset *pl, struct record *r)
{
	struct record *other;
	int rc;

	rc = reserve_fd(pl, r->fd);
	if (rc != 0)
		return rc;
	other = pl->by_fd[r->fd];
	if (other != NULL && cmio__pollable_same(&other->file, &r->file))
		return -EEXIST;
	rc = reserve_slot(pl);
	if (rc != 0)
		return rc;
	/* Another file on a number that was closed without telling. */
	if (other != NULL)
		drop(pl, other);
	r->slot = pl->n++;
	pl->records[r->slot] = r;
	pl->by_fd[r->fd] = r;
	changed(pl, r);
	return 0;
}

static int
pl_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r;
	struct pollable file;
	int rc;

	rc = cmio__pollable(source->fd, &file);
	if (rc != 0)
		return cmio__result(rc);
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return cmio__result(-ENOMEM);
	r->base.poll = poll;
	r->fd = source->fd;
	r->file = file;
	set_interest(r, token, interest);
	cmio__lock(&poll->lock);
	rc = insert(pl, r);
	cmio__unlock(&poll->lock);
	if (rc != 0) {
		free(r);
		return cmio__result(rc);
	}
	cmio__hold(poll);
	source->state = &r->base;
	return 0;
}

static int
pl_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;
	struct pollable file;
	int rc;

	rc = cmio__pollable(r->fd, &file);
	if (rc != 0)
		return cmio__result(rc);
	cmio__lock(&poll->lock);
	if (r->slot == 0 || !cmio__pollable_same(&r->file, &file))
		rc = -ENOENT;
	else {
		set_interest(r, token, interest);
		changed(pl, r);
	}
	cmio__unlock(&poll->lock);
	return cmio__result(rc);
}

static void
pl_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	drop(pl, r);
	cmio__unlock(&poll->lock);
	free(r);
}

static int
pl_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	r->unsure = false;
	directions &= r->interest & ~r->armed;
	if (r->slot != 0 && directions != 0 &&
	    (r->interest & CMIO_ONESHOT) == 0) {
		/* Where an operation says EAGAIN there is no such end now. */
		r->armed |= directions;
		r->told &= ~(POLLERR | POLLHUP);
		changed(pl, r);
	}
	cmio__unlock(&poll->lock);
	return 0;
}

/* Brings the array up to date with the records, and closes the gaps. */
static void
catch_up(struct pollset *pl)
{
	nfds_t from, to = 1;
	struct record *r;

	if (pl->grown != NULL) {
		pl->grown[0] = pl->fds[0];
		free(pl->fds);
		pl->fds = pl->grown;
		pl->grown = NULL;
	}
	for (from = 1; from < pl->n; from++) {
		r = pl->records[from];
		if (r == NULL)
			continue;
		r->slot = to;
		pl->records[to] = r;
		pl->fds[to] = ask(r);
		to++;
	}
	pl->n = to;
	pl->behind = false;
}

/*
 * Whether a source is to be reported.  It is not where its descriptor was
 * closed without telling, as other selectors' kernels forget such a one.
 * Asking takes a system call.  So that is left out once after each time that
 * the file was seen to be the same, or that the program has had the source
 * in hand: the event of another that got the number since may be taken for
 * the source's, once.
 */
static bool
still_there(struct record *r, short revents)
{
	r->unsure = !r->unsure;
	if (r->unsure && (revents & POLLNVAL) == 0)
		return true;
	return cmio__pollable_still(r->fd, &r->file);
}

/* Returns whether there is something to report about a source. */
static bool
report(struct pollset *pl, struct record *r, short revents,
    struct cmio_event *event)
{
	unsigned int ready;

	if (!still_there(r, revents)) {
		drop(pl, r);
		return false;
	}
	ready = cmio__poll_ready(r->file.what, r->interest, r->armed, r->told,
	    revents);
	if (ready == 0)
		return false;
	*event = (struct cmio_event){
		.token = r->token,
		.ready = ready,
		.native = (uint32_t)(unsigned short)revents,
	};
	if (revents & POLLNVAL) {
		drop(pl, r);
		return true;
	}
	r->armed = cmio__poll_armed(r->interest, r->armed, ready, revents);
	r->told = cmio__poll_told(r->interest, r->told, revents);
	changed(pl, r);
	return true;
}

/* The first slot from here on in which the kernel has found something. */
static nfds_t
next_found(const struct pollfd *fds, nfds_t slot, nfds_t end)
{
	while (slot < end && fds[slot].revents == 0)
		slot++;
	return slot;
}

/*
 * Reports what the kernel found in the first n slots, once around.  Where
 * that is more than fits, the next wait begins with the rest.
 */
static int
collect(struct pollset *pl, nfds_t n, int found, struct cmio_event *events,
    int nevents)
{
	nfds_t first = pl->next < n ? pl->next : 1, slot = first, end = n;
	struct record *r;
	int count = 0;

	while (found > 0 && count < nevents) {
		slot = next_found(pl->fds, slot, end);
		if (slot == end) {
			if (end == first)
				break;
			slot = 1;
			end = first;
			continue;
		}
		found--;
		r = pl->records[slot];
		if (r != NULL &&
		    report(pl, r, pl->fds[slot].revents, &events[count]))
			count++;
		slot++;
	}
	pl->next = slot < n ? slot : 1;
	return count;
}

/* Sleeps once, without the lock, and returns as poll(2) inside here does. */
static int
sleep_once(struct pollset *pl, nfds_t n, int64_t timeout)
{
	int found;

	pl->asleep = true;
	pl->kicked = false;
	cmio__unlock(&pl->base.lock);
	found = cmio__ppoll(pl->fds, n, timeout);
	cmio__lock(&pl->base.lock);
	pl->asleep = false;
	return found;
}

/*
 * One turn of the wait.  Returns a count, a negative errno number, or WOKEN
 * where a kick was all there was.
 */
static int
wait_once(struct pollset *pl, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	nfds_t n = pl->n;
	bool kicked;
	int found, rc;

	found = sleep_once(pl, n, timeout);
	rc = found;
	if (found > 0) {
		kicked = pl->fds[0].revents != 0;
		if (kicked)
			cmio__wakefd_drain(&pl->kick);
		rc = collect(pl, n, found - kicked, events, nevents);
		if (rc == 0)
			rc = WOKEN;
	}
	if (pl->behind)
		catch_up(pl);
	return rc;
}

static int
pl_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct pollset *pl = (struct pollset *)poll;
	int64_t deadline = cmio__deadline(timeout), left = timeout;
	int rc;

	cmio__lock(&poll->lock);
	if (pl->asleep) {
		cmio__unlock(&poll->lock);
		return -EBUSY;
	}
	/* Woken for a change of the set, or early from a long timeout. */
	do {
		rc = wait_once(pl, events, nevents, left);
		if (rc == WOKEN && !cmio__user_events_waiting(poll))
			rc = 0;
		left = cmio__remaining(deadline);
	} while (rc == 0 && left != 0);
	cmio__unlock(&poll->lock);
	return rc;
}

static cmio_fd
pl_kernel_fd(const struct cmio_poll *poll)
{
	(void)poll;
	return CMIO_FD_NONE;
}

static int
pl_kick_on(struct cmio_poll *poll)
{
	(void)poll;
	return 0;
}

static void
pl_kick_off(struct cmio_poll *poll)
{
	(void)poll;
}

static int
pl_kick(struct cmio_poll *poll)
{
	return cmio__wakefd_signal(&((struct pollset *)poll)->kick);
}

const struct selector_ops cmio__poll = {
	.name = "poll",
	.interest = DIRECTIONS,
	.open = pl_open,
	.close = pl_close,
	.add = pl_add,
	.modify = pl_modify,
	.remove = pl_remove,
	.forget = pl_remove,
	.rearm = pl_rearm,
	.wait = pl_wait,
	.enter = cmio__enter,
	.kernel_fd = pl_kernel_fd,
	.kick_on = pl_kick_on,
	.kick_off = pl_kick_off,
	.kick = pl_kick,
};
