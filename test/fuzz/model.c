/* SPDX-License-Identifier: MIT */
/* The contract of model.h. */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

enum {
	DIRECTIONS = CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY,
	BROKEN = POLLHUP | POLLERR,
	ENDS = BROKEN | CMIO_POLLRDHUP
};

void
model_register(struct reg *reg, int poll, uintptr_t token,
    unsigned int interest)
{
	reg->on = true;
	reg->poll = poll;
	reg->token = token;
	reg->interest = interest;
	reg->owed = interest & DIRECTIONS;
	reg->reported = 0;
	reg->spent = false;
	reg->quiet = false;
	reg->missed = 0;
}

/* The directions that are open, whatever an operation would return. */
static unsigned int
open_directions(const struct reg *reg, short truth)
{
	unsigned int ready = 0;

	/* Without PRIORITY urgent data are not reported. */
	if ((reg->interest & CMIO_PRIORITY) == 0)
		truth &= ~POLLPRI;
	if (truth & (POLLIN | POLLPRI | ENDS))
		ready |= CMIO_READABLE;
	if (truth & (POLLOUT | BROKEN))
		ready |= CMIO_WRITABLE;
	if (truth & POLLPRI)
		ready |= CMIO_PRIORITY;
	return ready;
}

void
model_again(struct reg *reg, unsigned int directions, short truth)
{
	if (directions & CMIO_READABLE)
		directions |= CMIO_PRIORITY;
	if (!reg->on || (directions & reg->interest) == 0)
		return;
	/* After SHUT_RD some systems return EAGAIN and report readable. */
	directions &= ~open_directions(reg, truth);
	reg->owed |= directions & reg->interest & DIRECTIONS;
	/* An error may be reported again. */
	reg->reported &= truth | ~BROKEN;
	reg->quiet = false;
}

static short
visible_ends(const struct reg *reg, short truth)
{
	short ends = truth & ENDS;

	if ((reg->interest & CMIO_READABLE) == 0 ||
	    (reg->interest & CMIO_EXCLUSIVE) != 0)
		ends &= ~CMIO_POLLRDHUP;
	return ends;
}

/* What must be reported of a registration: directions, or any bit. */
static unsigned int
must(const struct reg *reg, bool *something)
{
	short truth = reg->before & reg->after;
	unsigned int open = open_directions(reg, truth) & reg->interest;
	short ends;

	*something = false;
	if (!reg->on || reg->spent || reg->stale)
		return 0;
	if (reg->interest & CMIO_ONESHOT) {
		/* Each of these uses up the oneshot. */
		*something = open != 0 || visible_ends(reg, truth) != 0;
		return 0;
	}
	if ((reg->interest & CMIO_LEVEL) == 0)
		open &= reg->owed;
	ends = visible_ends(reg, truth);
	/* After one error poll(2) cannot report another. */
	if ((reg->interest & CMIO_LEVEL) == 0)
		ends = reg->reported & BROKEN ? 0 : ends & ~reg->reported;
	*something = open != 0 || ends != 0;
	return open;
}

bool
model_owes(const struct model *model, int poll)
{
	bool something;
	int i;

	for (i = 0; i < USER_EVENTS; i++)
		if (model->events[i].on && model->events[i].poll == poll &&
		    model->events[i].triggered)
			return true;
	for (i = 0; i < SOURCES; i++) {
		if (model->regs[i].poll != poll)
			continue;
		must(&model->regs[i], &something);
		if (something)
			return true;
	}
	return false;
}

/* Bits that no event of this registration may have. */
static unsigned int
never(const struct reg *reg)
{
	short truth = reg->before | reg->after;
	unsigned int may = open_directions(reg, truth);

	/* Bits that were not asked for come only with an end or PRIORITY. */
	if ((truth & BROKEN) == 0)
		may &= reg->interest | (truth & POLLPRI ? CMIO_READABLE : 0);
	if (truth & POLLERR)
		may |= CMIO_ERROR;
	if (truth & (POLLHUP | CMIO_POLLRDHUP) && reg->kind != KIND_WRITER)
		may |= CMIO_READ_CLOSED;
	/* Only a read end that is watched for writing may be reported so. */
	if (truth & POLLHUP && (reg->kind != KIND_READER ||
	    (reg->interest & CMIO_READABLE) == 0))
		may |= CMIO_WRITE_CLOSED;
	if (truth & POLLERR && reg->kind == KIND_WRITER)
		may |= CMIO_WRITE_CLOSED;
	return ~may;
}

/* Bits that an event must have, once there is one. */
static unsigned int
always(const struct reg *reg)
{
	short truth = reg->before & reg->after;
	unsigned int bits = 0;

	if (truth & BROKEN)
		bits |= reg->interest & (CMIO_READABLE | CMIO_WRITABLE);
	if (visible_ends(reg, truth) & ~reg->reported & CMIO_POLLRDHUP)
		bits |= CMIO_READABLE | CMIO_READ_CLOSED;
	if (truth & POLLERR)
		bits |= CMIO_ERROR;
	return bits;
}

static struct reg *
find(struct model *model, int poll, uintptr_t token)
{
	struct reg *reg;

	for (reg = model->regs; reg < model->regs + SOURCES; reg++)
		if (reg->on && reg->poll == poll && reg->token == token)
			return reg;
	return NULL;
}

static const char *
check_user_event(struct model *model, int poll,
    const struct cmio_event *event, bool *found)
{
	struct user_event *ue;

	*found = false;
	for (ue = model->events; ue < model->events + USER_EVENTS; ue++) {
		if (!ue->on || ue->poll != poll || ue->token != event->token)
			continue;
		*found = true;
		if (!ue->triggered)
			return "a user event that was not triggered";
		if (++ue->times > 1)
			return "a user event twice";
		if (event->ready != CMIO_READABLE)
			return "a user event that is not just READABLE";
	}
	return NULL;
}

/* A condition lasts that a selector without edges reports again at times. */
static bool
lasts(const struct reg *reg)
{
	return (reg->before & reg->after & (ENDS | POLLPRI)) != 0;
}

static const char *
check_event(struct model *model, int poll, const struct cmio_event *event)
{
	struct reg *reg;
	const char *wrong;
	bool found;

	wrong = check_user_event(model, poll, event, &found);
	if (found)
		return wrong;
	reg = find(model, poll, event->token);
	if (reg == NULL)
		return "a token that is not registered";
	if (reg->stale)
		return reg->ghost || model->emulates ||
		    reg->stale_left-- > 0 ? NULL :
		    "a descriptor closed without telling, once too often";
	if (event->ready == 0)
		return "an event of nothing";
	if (reg->spent)
		return "a oneshot that is spent";
	if (event->ready & never(reg))
		return "bits that are not true";
	if (reg->quiet && (reg->interest & CMIO_LEVEL) == 0 &&
	    !(model->emulates && lasts(reg)))
		return "an edge where nothing happened";
	if (++reg->times > 1 && !model->splits)
		return "a source twice";
	reg->seen |= event->ready;
	return NULL;
}

/* A wake may use the room of one event. */
static bool
is_full(const struct model *model, int poll, int n, int most)
{
	int i, wakes = 0;

	for (i = 0; i < USER_EVENTS; i++)
		if (model->events[i].on && model->events[i].poll == poll)
			wakes = 1;
	return n + wakes >= most;
}

/*
 * Checks after the events whether all that was owed was reported.  It may be
 * late if another event has ended the wait.
 */
static const char *
check_due(const struct model *model, struct reg *reg, bool full, bool late)
{
	unsigned int directions;
	bool something;

	directions = must(reg, &something);
	if (reg->times == 0) {
		if (!something || late)
			reg->missed = 0;
		else if (!full)
			return "what was due is missing";
		else if (++reg->missed > 3 * MOST_EVENTS)
			return "one is passed over for ever";
		return NULL;
	}
	reg->missed = 0;
	if (model->splits && full)
		return NULL;
	/* Urgent data that came again may be late beside another event. */
	if (model->emulates && (reg->reported & POLLPRI) != 0)
		directions &= ~CMIO_PRIORITY;
	if ((reg->seen & directions) != directions)
		return "a direction that was due is missing";
	if ((reg->seen & always(reg)) != always(reg))
		return "a bit that is true is missing";
	return NULL;
}

static void
settle(struct reg *reg)
{
	if (reg->times == 0)
		return;
	reg->owed &= ~reg->seen;
	/* An error opens all directions, and reports all of them. */
	if ((reg->before | reg->after) & BROKEN)
		reg->owed = 0;
	reg->reported |= reg->before & reg->after & (ENDS | POLLPRI);
	reg->spent = (reg->interest & CMIO_ONESHOT) != 0;
	reg->quiet = true;
}

static const char *
check_due_event(struct user_event *event, bool full)
{
	if (!event->triggered)
		return NULL;
	if (event->times == 0) {
		if (!full)
			return "a triggered user event is missing";
		if (++event->missed > 3 * MOST_EVENTS)
			return "a user event is passed over for ever";
		return NULL;
	}
	event->triggered = false;
	event->missed = 0;
	return NULL;
}

static void
describe(const struct reg *reg, const char *wrong, char *buf, size_t size)
{
	char interest[100], seen[200];

	cmio_ready_format(reg->interest, interest, sizeof(interest));
	cmio_ready_format(reg->seen, seen, sizeof(seen));
	snprintf(buf, size, "%s: token %#jx, registered for %s, seen %s, "
	    "true before %#x, after %#x", wrong, (uintmax_t)reg->token,
	    interest, seen,
	    (unsigned int)reg->before, (unsigned int)reg->after);
}

static void
describe_event(struct model *model, int poll, const char *wrong,
    const struct cmio_event *event, char *buf, size_t size)
{
	struct reg *reg = find(model, poll, event->token);
	char ready[200];

	if (reg != NULL) {
		reg->seen = event->ready;
		describe(reg, wrong, buf, size);
		return;
	}
	cmio_ready_format(event->ready, ready, sizeof(ready));
	snprintf(buf, size, "%s: token %#jx, %s", wrong,
	    (uintmax_t)event->token, ready);
}

const char *
model_wait(struct model *model, int poll, const struct cmio_event *events,
    int n, int most, char *buf, size_t size)
{
	bool full = is_full(model, poll, n, most);
	const char *wrong = NULL;
	struct reg *reg;
	int i;

	if (n > most) {
		snprintf(buf, size, "%d events where %d fit", n, most);
		return buf;
	}
	for (i = 0; i < n; i++) {
		wrong = check_event(model, poll, &events[i]);
		if (wrong == NULL)
			continue;
		describe_event(model, poll, wrong, &events[i], buf, size);
		return buf;
	}
	for (reg = model->regs; reg < model->regs + SOURCES; reg++) {
		if (!reg->on || reg->poll != poll || reg->stale)
			continue;
		wrong = check_due(model, reg, full,
		    n > 0 && model->emulates && lasts(reg));
		if (wrong != NULL) {
			describe(reg, wrong, buf, size);
			return buf;
		}
		settle(reg);
	}
	for (i = 0; i < USER_EVENTS; i++) {
		if (!model->events[i].on || model->events[i].poll != poll)
			continue;
		wrong = check_due_event(&model->events[i], full);
		if (wrong != NULL) {
			snprintf(buf, size, "%s: %d", wrong, i);
			return buf;
		}
	}
	return NULL;
}
