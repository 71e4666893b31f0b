/* SPDX-License-Identifier: MIT */
/*
 * Readiness by event ports: illumos, Solaris.
 *
 * The kernel watches each descriptor until it has something to say, once;
 * what it says is in the words of poll(2).  So each source has a record
 * here, as for poll(2), and an edge is made in the same way: a direction
 * that was reported is not asked for again before rearm or modify.
 *
 * An event may have been taken from the port when its source is changed or
 * removed by another thread.  It carries the number of the association that
 * it is from, and counts only while that is the record's last.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <port.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "port/clock.h"
#include "port/flags.h"
#include "port/result.h"
#include "selector/by_fd.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/selector.h"

enum { BATCH = 64 };

struct record {
	struct registration	base;
	uintptr_t		token;
	int			fd;
	bool			here;		/* in by_fd */
	bool			waiting;	/* in the list of ports */
	struct pollable		file;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;		/* what is listened for */
	short			told;		/* ends that were reported */
	uintptr_t		number;		/* of its last association */
	struct record		*next;
};

struct ports {
	struct cmio_poll	base;
	int			port;
	struct record		**by_fd;
	int			room;
	struct record		*again;		/* to ask before the next wait */
	uintptr_t		last;		/* number given */
};

static int
ev_open(struct cmio_poll **out)
{
	struct ports *ports;
	int rc;

	ports = calloc(1, sizeof(*ports));
	if (ports == NULL)
		return -ENOMEM;
	ports->port = port_create();
	if (ports->port == -1) {
		rc = -errno;
		goto no_port;
	}
	rc = cmio__set_cloexec(ports->port);
	if (rc != 0)
		goto no_flag;
	*out = &ports->base;
	return 0;

no_flag:
	close(ports->port);
no_port:
	free(ports);
	return rc;
}

static void
ev_close(struct cmio_poll *poll)
{
	struct ports *ports = (struct ports *)poll;

	close(ports->port);
	free(ports->by_fd);
	free(ports);
}

/*
 * Asks the kernel what there is to ask about a source, in place of what was
 * asked before.  The lock is held.
 */
static int
ask(struct ports *ports, struct record *r)
{
	short events = cmio__poll_events(r->interest, r->armed, r->told);

	r->number = ++ports->last;
	if (cmio__poll_deaf(r->interest, r->armed, r->told)) {
		port_dissociate(ports->port, PORT_SOURCE_FD, (uintptr_t)r->fd);
		return 0;
	}
	return port_associate(ports->port, PORT_SOURCE_FD, (uintptr_t)r->fd,
	    events, (void *)r->number) == -1 ? -errno : 0;
}

static void
unlist(struct ports *ports, struct record *r)
{
	struct record **at;

	if (!r->waiting)
		return;
	for (at = &ports->again; *at != r; at = &(*at)->next)
		;
	*at = r->next;
	r->waiting = false;
}

/* Forgets a record, which is its source's to free.  The lock is held. */
static void
drop(struct ports *ports, struct record *r)
{
	unlist(ports, r);
	if (r->here)
		ports->by_fd[r->fd] = NULL;
	r->here = false;
}

static int
reserve(struct ports *ports, int fd)
{
	struct record **by_fd;

	by_fd = cmio__by_fd_reserve(ports->by_fd, &ports->room, fd,
	    sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	ports->by_fd = by_fd;
	return 0;
}

static int
insert(struct ports *ports, struct record *r)
{
	struct record *other;
	int rc;

	rc = reserve(ports, r->fd);
	if (rc != 0)
		return rc;
	other = ports->by_fd[r->fd];
	if (other != NULL && cmio__pollable_same(&other->file, &r->file))
		return -EEXIST;
	rc = ask(ports, r);
	if (rc != 0)
		return rc;
	/* Another file on a number that was closed without telling. */
	if (other != NULL)
		drop(ports, other);
	ports->by_fd[r->fd] = r;
	r->here = true;
	return 0;
}

static void
set_interest(struct record *r, uintptr_t token, unsigned int interest)
{
	r->token = token;
	r->interest = interest;
	r->armed = interest & DIRECTIONS;
	r->told = 0;
}

static int
ev_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct ports *ports = (struct ports *)poll;
	struct pollable file;
	struct record *r;
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
	rc = insert(ports, r);
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
ev_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state, before;
	struct pollable file;
	int rc;

	rc = cmio__pollable(r->fd, &file);
	if (rc != 0)
		return cmio__result(rc);
	cmio__lock(&poll->lock);
	before = *r;
	if (!r->here || !cmio__pollable_same(&r->file, &file))
		rc = -ENOENT;
	else {
		set_interest(r, token, interest);
		rc = ask(ports, r);
		if (rc != 0)
			*r = before;
		else
			unlist(ports, r);
	}
	cmio__unlock(&poll->lock);
	return cmio__result(rc);
}

static void
ev_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	if (r->here)
		port_dissociate(ports->port, PORT_SOURCE_FD,
		    (uintptr_t)r->fd);
	drop(ports, r);
	cmio__unlock(&poll->lock);
	free(r);
}

static int
ev_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state;
	int rc = 0;

	cmio__lock(&poll->lock);
	directions &= r->interest & ~r->armed;
	if (r->here && directions != 0 && (r->interest & CMIO_ONESHOT) == 0) {
		/* Where an operation says EAGAIN there is no such end now. */
		r->armed |= directions;
		r->told &= ~(POLLERR | POLLHUP);
		rc = ask(ports, r);
		if (rc == -EBADF) {
			/* Closed without telling, and so forgotten. */
			drop(ports, r);
			rc = 0;
		}
	}
	cmio__unlock(&poll->lock);
	return rc;
}

/*
 * A source that is reported for as long as it is ready is asked about when
 * the next wait begins, not before: the port would keep an old answer.
 */
static void
ask_again(struct ports *ports)
{
	struct record *r;

	while ((r = ports->again) != NULL) {
		unlist(ports, r);
		if (ask(ports, r) != 0)
			drop(ports, r);
	}
}

static void
ask_later(struct ports *ports, struct record *r)
{
	if (r->waiting)
		return;
	r->waiting = true;
	r->next = ports->again;
	ports->again = r;
}

/* The record that an event is about, or NULL. */
static struct record *
record_of(const struct ports *ports, const port_event_t *found)
{
	uintptr_t fd = found->portev_object;
	struct record *r;

	if (found->portev_source != PORT_SOURCE_FD ||
	    fd >= (uintptr_t)ports->room)
		return NULL;
	r = ports->by_fd[fd];
	return r != NULL && r->number == (uintptr_t)found->portev_user ?
	    r : NULL;
}

/* Returns whether there is something to report about a source. */
static bool
report(struct ports *ports, struct record *r, short revents,
    struct cmio_event *event)
{
	unsigned int ready;

	if ((revents & POLLNVAL) != 0 ||
	    !cmio__pollable_still(r->fd, &r->file)) {
		drop(ports, r);
		return false;
	}
	ready = cmio__poll_ready(r->file.what, r->interest, r->armed, r->told,
	    revents);
	if (ready != 0) {
		*event = (struct cmio_event){
			.token = r->token,
			.ready = ready,
			.native = (uint32_t)(unsigned short)revents,
		};
		r->armed = cmio__poll_armed(r->interest, r->armed, ready,
		    revents);
		r->told = cmio__poll_told(r->interest, r->told, revents);
	}
	ask_later(ports, r);
	return ready != 0;
}

/* Returns a count, or WOKEN where a kick was all there was. */
static int
collect(struct ports *ports, const port_event_t *found, unsigned int n,
    struct cmio_event *events)
{
	struct record *r;
	bool kicked = false;
	unsigned int i;
	int count = 0;

	for (i = 0; i < n; i++) {
		if (found[i].portev_source == PORT_SOURCE_USER)
			kicked = true;
		r = record_of(ports, &found[i]);
		if (r != NULL && report(ports, r,
		    (short)found[i].portev_events, &events[count]))
			count++;
	}
	return count == 0 && kicked ? WOKEN : count;
}

/*
 * Takes what there is from the port, waiting for the first.  Returns 0 or a
 * negative errno number, and the number in *n: where the time is up there
 * may still be some.
 */
static int
take(struct ports *ports, port_event_t *found, unsigned int most,
    int64_t timeout, unsigned int *n)
{
	struct timespec ts = { 0 };
	uint_t got = 1;

	if (timeout > 0)
		ts = cmio__timespec(timeout);
	*n = 0;
	/* Some count one event when the time is up, and write none. */
	found[0].portev_source = 0;
	if (port_getn(ports->port, found, most, &got,
	    timeout < 0 ? NULL : &ts) == -1 && errno != ETIME)
		return -errno;
	*n = got <= most ? got : most;
	return 0;
}

static int
ev_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct ports *ports = (struct ports *)poll;
	port_event_t found[BATCH];
	int64_t deadline = cmio__deadline(timeout), left = timeout;
	unsigned int n;
	int most = nevents < BATCH ? nevents : BATCH, rc;

	do {
		cmio__lock(&poll->lock);
		ask_again(ports);
		cmio__unlock(&poll->lock);
		rc = take(ports, found, (unsigned int)most, left, &n);
		if (rc != 0)
			return rc;
		cmio__lock(&poll->lock);
		rc = collect(ports, found, n, events);
		cmio__unlock(&poll->lock);
		if (rc != 0)
			return rc;
		left = cmio__remaining(deadline);
	} while (n > 0 || left != 0);
	return 0;
}

/* None: sources are asked about by a wait, and by nobody who looks at it. */
static cmio_fd
ev_kernel_fd(const struct cmio_poll *poll)
{
	(void)poll;
	return CMIO_FD_NONE;
}

static int
ev_kick_on(struct cmio_poll *poll)
{
	(void)poll;
	return 0;
}

static void
ev_kick_off(struct cmio_poll *poll)
{
	(void)poll;
}

/* A port that is full of kicks, which is EAGAIN, does not sleep. */
static int
ev_kick(struct cmio_poll *poll)
{
	struct ports *ports = (struct ports *)poll;
	int before = errno, rc = 0;

	if (port_send(ports->port, 0, NULL) == -1 && errno != EAGAIN)
		rc = -errno;
	errno = before;
	return rc;
}

const struct selector_ops cmio__evport = {
	.name = "evport",
	.interest = DIRECTIONS,
	.open = ev_open,
	.close = ev_close,
	.add = ev_add,
	.modify = ev_modify,
	.remove = ev_remove,
	.forget = ev_remove,
	.rearm = ev_rearm,
	.wait = ev_wait,
	.enter = cmio__enter,
	.kernel_fd = ev_kernel_fd,
	.kick_on = ev_kick_on,
	.kick_off = ev_kick_off,
	.kick = ev_kick,
};
