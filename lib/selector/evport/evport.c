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

#include "port/clock.h"
#include "port/close.h"
#include "port/flags.h"
#include "selector/evport/evport.h"
#include "selector/fd_table.h"
#include "selector/looks.h"
#include "selector/record.h"
#include "selector/selector.h"

enum { BATCH = 64 };

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
	cmio__close_fd(ports->port);
no_port:
	free(ports);
	return rc;
}

static void
ev_close(struct cmio_poll *poll)
{
	struct ports *ports = (struct ports *)poll;

	cmio__close_fd(ports->port);
	cmio__fd_table_free(&ports->records.fds);
	free(ports);
}

static int
insert(struct cmio_poll *poll, struct record *r)
{
	struct ports *ports = (struct ports *)poll;
	struct record *other;
	int rc;

	rc = cmio__record_reserve(&ports->records, r, &other);
	if (rc == 0)
		rc = cmio__evport_ask(ports, r);
	if (rc != 0)
		return rc;
	if (other != NULL)
		cmio__evport_drop(ports, other);
	cmio__record_enter(&ports->records, r);
	return 0;
}

static int
ev_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	return cmio__record_add(poll, source, token, interest,
	    sizeof(struct entry), insert);
}

static int
modify(struct ports *ports, struct record *r, uintptr_t token,
    unsigned int interest)
{
	struct record before = *r;
	int rc;

	cmio__record_set(r, token, interest);
	rc = cmio__evport_ask(ports, r);
	if (rc != 0)
		*r = before;
	else
		cmio__evport_unlist(ports, entry(r));
	return rc;
}

static int
ev_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state;
	int rc;

	cmio__lock(&poll->lock);
	rc = cmio__record_check(r);
	if (rc == 0)
		rc = modify(ports, r, token, interest);
	cmio__unlock(&poll->lock);
	return rc;
}

static void
ev_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	if (r->present)
		port_dissociate(ports->port, PORT_SOURCE_FD,
		    (uintptr_t)r->fd);
	cmio__evport_drop(ports, r);
	cmio__unlock(&poll->lock);
	free(r);
}

/* A sleeper is to look at a source. */
static void
wake_for_look(struct ports *ports)
{
	if (ports->asleep > 0 && ports->records.due != NULL)
		port_send(ports->port, 0, NULL);
}

static int
ev_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct ports *ports = (struct ports *)poll;
	struct record *r = source->state;
	int rc = 0;

	cmio__lock(&poll->lock);
	if (cmio__record_rearm(&ports->records, r, directions)) {
		rc = cmio__evport_ask(ports, r);
		wake_for_look(ports);
	}
	if (rc == -EBADF) {
		/* The descriptor was closed without cmio_deregister(). */
		cmio__evport_drop(ports, r);
		rc = 0;
	}
	cmio__unlock(&poll->lock);
	return rc;
}

/* The record that an event is about, or NULL. */
static struct record *
record_of(const struct ports *ports, const port_event_t *found)
{
	struct fd_entry *at;
	struct record *r;

	if (found->portev_source != PORT_SOURCE_FD)
		return NULL;
	at = cmio__fd_find(&ports->records.fds, (int)found->portev_object);
	r = at == NULL ? NULL : at->record;
	return r != NULL &&
	    entry(r)->number == (uintptr_t)found->portev_user ? r : NULL;
}

/* Returns whether there is something to report about a source. */
static bool
report(struct ports *ports, struct record *r, short revents,
    struct cmio_event *event)
{
	bool reported;

	if (revents & POLLNVAL) {
		cmio__evport_drop(ports, r);
		return false;
	}
	reported = cmio__record_report(&ports->records, r, revents, event);
	cmio__evport_ask_later(ports, entry(r));
	return reported;
}

/* Returns a count, or WOKEN if nothing that came is to be reported. */
static int
collect(struct ports *ports, const port_event_t *found, unsigned int n,
    struct cmio_event *events)
{
	struct record *r;
	unsigned int i;
	int count = 0;

	for (i = 0; i < n; i++) {
		r = record_of(ports, &found[i]);
		if (r != NULL && report(ports, r,
		    (short)found[i].portev_events, &events[count]))
			count++;
	}
	return count == 0 && n > 0 ? WOKEN : count;
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

/* Waits for the port alone.  The lock is held. */
static int
wait_for_port(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct ports *ports = (struct ports *)poll;
	port_event_t found[BATCH];
	unsigned int n;
	int most = nevents < BATCH ? nevents : BATCH, rc;

	cmio__evport_ask_again(ports);
	ports->asleep++;
	cmio__unlock(&poll->lock);
	rc = take(ports, found, (unsigned int)most, timeout, &n);
	cmio__lock(&poll->lock);
	ports->asleep--;
	return rc == 0 ? collect(ports, found, n, events) : rc;
}

static void
update(struct cmio_poll *poll, struct record *r)
{
	cmio__evport_ask_later((struct ports *)poll, entry(r));
}

static void
drop(struct cmio_poll *poll, struct record *r)
{
	cmio__evport_drop((struct ports *)poll, r);
}

static int
ev_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	static const struct look_ops ops = { wait_for_port, update, drop };
	struct ports *ports = (struct ports *)poll;
	int rc;

	cmio__lock(&poll->lock);
	rc = cmio__look_and_wait(poll, &ports->records, &ops, events, nevents,
	    timeout);
	cmio__unlock(&poll->lock);
	return rc;
}

/* None: sources are asked about by a wait, and by nobody who looks at it. */
static cmio_fd
ev_kernel_fd(const struct cmio_poll *poll)
{
	(void)poll;
	return CMIO_FD_NONE;
}

/* A port that is full of wakes, which is EAGAIN, does not sleep. */
static int
ev_wake(struct cmio_poll *poll)
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
	.kernel_fd = ev_kernel_fd,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = ev_wake,
};
