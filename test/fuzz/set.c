/* SPDX-License-Identifier: MIT */
/* Operations on the set and on user events. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <cmio/net.h>

#include "inside.h"

static unsigned int
an_interest(unsigned int which)
{
	static const unsigned int directions[] = {
		CMIO_READABLE | CMIO_WRITABLE, CMIO_READABLE, CMIO_WRITABLE,
		CMIO_READABLE | CMIO_PRIORITY, CMIO_READABLE, CMIO_WRITABLE,
		CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY, CMIO_PRIORITY,
	};
	static const unsigned int triggers[] = {
		0, 0, 0, 0, CMIO_LEVEL, CMIO_LEVEL, CMIO_ONESHOT,
		CMIO_EXCLUSIVE,
	};

	return directions[which % 8] | triggers[which / 8 % 8];
}

static const char *
interest_text(unsigned int interest, char buf[200])
{
	cmio_ready_format(interest, buf, 200);
	return buf;
}

static uintptr_t
new_token(struct world *w, unsigned int which)
{
	w->token++;
	return which % 8 == 7 ? ~w->token : w->token;
}

static int *
last_added(struct world *w, int poll, int fd)
{
	return &w->last_added[poll][fd % CLASSES];
}

void
do_register(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	unsigned int interest = an_interest(op->b);
	int poll = op->c % 8 == 1, error, rc;
	struct cmio_source other;
	uintptr_t token = new_token(w, op->c / 8);
	struct reg *reg;
	char text[200];

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	error = reg->on ? EEXIST : 0;
	if (op->c % 8 == 7)
		interest &= ~(CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY);
	if (op->c % 8 == 7)
		error = EINVAL;
	cmio_source_init(&other, slot->source.fd);
	if (op->c % 8 == 6 && reg->on && reg->poll == 0)
		rc = cmio_register(w->polls[0], &other, token, interest);
	else
		rc = cmio_register(w->polls[poll], &slot->source, token,
		    interest);
	say(w, "cmio_register(p%d, &s%d, %#jx, %s);", poll, index_of(w, slot),
	    (uintmax_t)token, interest_text(interest, text));
	note(w, op->code, rc, true);
	if (rc == -1 && errno == EEXIST && w->model.ghosts)
		return;
	expect(w, "cmio_register", rc, error);
	if (rc == -1)
		return;
	model_register(reg, poll, token, interest);
	*last_added(w, poll, slot->number) = slot->number;
}

/*
 * cmio's memory of closed descriptors is short.  Whether it must know of
 * this one.
 */
static bool
is_remembered(struct world *w, struct slot *stale)
{
	struct reg *reg = reg_of(w, stale);
	int i;

	if (*last_added(w, reg->poll, stale->number) == stale->number)
		return true;
	for (i = 0; i < SOURCES; i++)
		if (&w->slots[i] != stale && w->slots[i].used &&
		    w->slots[i].number == stale->number)
			return false;
	return true;
}

void
do_reregister(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_used);
	unsigned int interest = an_interest(op->b);
	int poll = op->c % 16 == 1, rc;
	uintptr_t token = new_token(w, op->c / 16);
	struct reg *reg;
	char text[200];

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	if (reg->on && op->c % 16 != 1)
		poll = reg->poll;
	if (reg->stale && (reg->ghost || !is_remembered(w, slot)))
		return;
	rc = cmio_reregister(w->polls[poll], &slot->source, token, interest);
	say(w, "cmio_reregister(p%d, &s%d, %#jx, %s);", poll,
	    index_of(w, slot), (uintmax_t)token,
	    interest_text(interest, text));
	note(w, op->code, rc, !reg->stale);
	if (reg->stale && reg->poll == poll) {
		if (rc == 0 || (errno != ENOENT && errno != EBADF))
			fail(w, "cmio_reregister of a closed descriptor: %d, "
			    "%s", rc, strerror(errno));
		return;
	}
	expect(w, "cmio_reregister", rc,
	    reg->on && reg->poll == poll ? 0 : ENOENT);
	if (rc == 0)
		model_register(reg, poll, token, interest);
	/* It may or may not have been added again. */
	if (rc == 0)
		*last_added(w, poll, slot->number) = -1;
}

void
do_deregister(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_used);
	int poll = op->b % 16 == 1, rc;
	struct reg *reg;
	bool any = op->c % 4 == 1;

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	if (reg->on && op->b % 16 != 1)
		poll = reg->poll;
	if (reg->stale && !is_remembered(w, slot))
		return;
	rc = cmio_deregister(any ? NULL : w->polls[poll], &slot->source);
	say(w, "cmio_deregister(%s%d, &s%d);", any ? "NULL; p" : "p", poll,
	    index_of(w, slot));
	note(w, op->code, rc, true);
	expect(w, "cmio_deregister", rc,
	    any || (reg->on && reg->poll == poll) ? 0 : ENOENT);
	if (rc == -1)
		return;
	if (reg->stale && reg->ghost) {
		slot->gone = true;
		return;
	}
	reg->on = false;
	if (reg->stale)
		slot->used = reg->stale = false;
}

void
do_rearm(struct world *w, const struct op *op)
{
	static const unsigned int directions[] = {
		CMIO_READABLE, CMIO_WRITABLE, CMIO_PRIORITY,
		CMIO_READABLE | CMIO_WRITABLE,
	};
	struct slot *slot = choose(w, op->a, is_used);
	int rc;

	if (slot == NULL || (reg_of(w, slot)->stale &&
	    reg_of(w, slot)->ghost))
		return;
	/* It was not EAGAIN, so nothing is owed. */
	rc = cmio_rearm(&slot->source, directions[op->b % 4]);
	reg_of(w, slot)->quiet = false;
	/* After a rearm a closed source may be reported once more. */
	reg_of(w, slot)->stale_left = 1;
	say(w, "cmio_rearm(&s%d, %#x);", index_of(w, slot),
	    directions[op->b % 4]);
	note(w, op->code, rc, true);
	expect(w, "cmio_rearm", rc, 0);
}

void
do_event_add(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, poll = op->b % 4 == 1, rc;
	struct user_event *event = &w->model.events[i];

	if (event->on)
		return;
	*event = (struct user_event){
		.poll = poll,
		.token = new_token(w, op->c),
	};
	rc = cmio_user_event_add(w->polls[poll], &w->events[i], event->token);
	say(w, "cmio_user_event_add(p%d, &e%d, %#jx);", poll, i,
	    (uintmax_t)event->token);
	note(w, op->code, rc, true);
	expect(w, "cmio_user_event_add", rc, 0);
	event->on = rc == 0;
	/* Its descriptor is one that cmio has to remember, too. */
	for (i = 0; i < CLASSES; i++)
		w->last_added[poll][i] = -1;
}

void
do_event_trigger(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, rc;
	struct user_event *event = &w->model.events[i];

	if (!event->on)
		return;
	rc = cmio_user_event_trigger(&w->events[i]);
	say(w, "cmio_user_event_trigger(&e%d);", i);
	if (rc != 0 && rc != 1)
		fail(w, "cmio_user_event_trigger: %s", strerror(errno));
	note(w, op->code, rc > 0 ? 0 : rc, true);
	event->triggered = true;
}

void
do_event_remove(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, rc;
	struct user_event *event = &w->model.events[i];

	rc = event->on ? cmio_user_event_remove(&w->events[i]) : 0;
	if (event->on) {
		say(w, "cmio_user_event_remove(&e%d);", i);
		note(w, op->code, rc, true);
		expect(w, "cmio_user_event_remove", rc, 0);
	}
	*event = (struct user_event){ .on = false };
}
