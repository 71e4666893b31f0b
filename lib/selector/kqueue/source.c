/* SPDX-License-Identifier: MIT */
/*
 * The sources of kqueue/source.h.
 *
 * The kernel holds a filter for each direction of a source, with its token
 * (a oneshot source: with its generation, see kqueue/oneshot.h).  Which
 * filters a source has, and by which trigger, is in its kind.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/kind.h"
#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/oneshot.h"
#include "selector/kqueue/source.h"
#include "selector/pollable.h"

/* The trigger's unit in kind, above the filters. */
enum { TRIGGER = KQ_ALL + 1 };

static const struct kq_names *const names = &cmio__kq_names;

static unsigned int
filters_of(const struct cmio_source *source)
{
	return cmio__kind_selector(source) & KQ_ALL;
}

static unsigned int
trigger_of(const struct cmio_source *source)
{
	return cmio__kind_selector(source) / TRIGGER & (KQ_MODE | KQ_HANGUP);
}

static bool
is_oneshot(unsigned int trigger)
{
	return (trigger & KQ_MODE) == KQ_ONESHOT;
}

static void
remember(struct cmio_source *source, unsigned int filters,
    unsigned int trigger)
{
	cmio__kind_set_selector(source, filters | trigger * TRIGGER);
}

/* A filter of the set that the kernel removes on close, or 0. */
static unsigned int
any_filter(unsigned int filters)
{
	filters &= ~(unsigned int)KQ_ENDED;
	return filters & -filters;
}

/*
 * Refuses regular files and directories: kqueue takes them, and reports them
 * as always ready.
 */
static int
check_kind(const struct cmio_source *source, unsigned int filters)
{
	struct pollable file;

	if (filters == 0)
		return fcntl(source->fd, F_GETFD) == -1 ? -errno : 0;
	if (source->kind & (KIND_SOCKET | KIND_PIPE))
		return 0;
	return cmio__pollable(source->fd, &file);
}

/*
 * Removes all filters and adds them anew, because the kernel would keep what
 * is to change: EV_ADD turns no level into an edge, and on NetBSD a filter
 * that fired once and is enabled again does not report data of before.
 */
static int
replace(struct kqueue *kq, struct cmio_source *source, uintptr_t udata,
    unsigned int filters, unsigned int trigger)
{
	unsigned int old = filters_of(source), added = 0;
	int rc;

	rc = cmio__kq_take(kq->kq, source->fd, &(struct kq_step){
		.sure = any_filter(old) != 0,
		.gone = old,
		.filters = filters,
		.trigger = trigger,
		.udata = udata,
	}, &added);
	/* If the kernel has no memory to add them again, none is left. */
	remember(source, rc == 0 ? added : 0, trigger);
	return rc;
}

/* The same if the old or the new trigger is oneshot.  The lock is held. */
static int
replace_oneshot(struct kqueue *kq, struct cmio_source *source,
    uintptr_t token, unsigned int filters, unsigned int trigger)
{
	struct oneshot oneshot = { .token = token };
	int rc;

	if (!is_oneshot(trigger)) {
		cmio__oneshot_clear(&kq->oneshot, source->fd);
		return replace(kq, source, token, filters, trigger);
	}
	rc = cmio__oneshot_reserve(&kq->oneshot, source->fd);
	if (rc != 0)
		return rc;
	oneshot.generation = cmio__oneshot_generation(&kq->oneshot);
	rc = replace(kq, source, oneshot.generation, filters, trigger);
	cmio__oneshot_clear(&kq->oneshot, source->fd);
	if (rc == 0) {
		oneshot.filters = filters_of(source);
		cmio__oneshot_set(&kq->oneshot, source->fd, &oneshot);
	}
	return rc;
}

/*
 * Changes the filters of a source whose trigger stays.  The filters that may
 * be refused are added first: if they are, nothing has changed.
 */
static int
change(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int filters)
{
	unsigned int old = filters_of(source), kept = old & filters;
	unsigned int added = 0, kept_on = 0;
	struct kq_step step = {
		.trigger = trigger_of(source),
		.udata = token,
		.filters = filters & ~old,
	};
	int rc;

	rc = cmio__kq_take(kq->kq, source->fd, &step, &added);
	if (rc != 0 && !(rc == -EPERM && kept != 0))
		return rc;
	step.there = any_filter(old);
	step.sure = step.there != 0;
	step.gone = old & ~(kept | added);
	step.filters = kept;
	rc = cmio__kq_take(kq->kq, source->fd, &step, &kept_on);
	if (rc != 0) {
		cmio__kq_act(kq->kq, source->fd, added | old, names->remove);
		added = kept_on = 0;
	}
	remember(source, added | kept_on, step.trigger);
	return rc;
}

static int
set(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	unsigned int filters = cmio__kq_filters(names, interest);
	unsigned int trigger = cmio__kq_trigger(interest);
	int rc;

	if (is_oneshot(trigger) || is_oneshot(trigger_of(source))) {
		cmio__lock(&kq->base.lock);
		rc = replace_oneshot(kq, source, token, filters, trigger);
		cmio__unlock(&kq->base.lock);
		return rc;
	}
	if (trigger != trigger_of(source))
		return replace(kq, source, token, filters, trigger);
	return change(kq, source, token, filters);
}

int
cmio__kq_add(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int rc;

	rc = check_kind(source, cmio__kq_filters(names, interest));
	if (rc != 0)
		return rc;
	remember(source, 0, cmio__kq_trigger(interest));
	rc = set(kq, source, token, interest);
	if (rc != 0)
		return rc;
	recent_note(&kq->recent, source);
	source->state = &poll->self;
	return 0;
}

int
cmio__kq_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;

	if (recent_superseded(&kq->recent, source))
		return -ENOENT;
	return set(kq, source, token, interest);
}

void
cmio__kq_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct kqueue *kq = (struct kqueue *)poll;

	if (recent_superseded(&kq->recent, source))
		return;
	if (is_oneshot(trigger_of(source))) {
		cmio__lock(&poll->lock);
		cmio__oneshot_clear(&kq->oneshot, source->fd);
		cmio__unlock(&poll->lock);
	}
	/* ENOENT, EBADF: the kernel removed them when it was closed. */
	cmio__kq_act(kq->kq, source->fd, filters_of(source), names->remove);
	remember(source, 0, KQ_EDGE);
}
