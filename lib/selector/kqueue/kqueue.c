/* SPDX-License-Identifier: MIT */
/*
 * Readiness by kqueue(2): the BSDs, macOS and its relatives.
 *
 * The kernel holds the whole set, a filter for each direction of a source,
 * so any thread may change it while another waits, and there is nothing to
 * rearm.  Which filters a source has, and how they were added, is in its
 * kind; the kernel has its token.  Sources that are reported once are the
 * exception, see kqueue/oneshot.h.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "port/clock.h"
#include "port/kind.h"
#include "port/result.h"
#include "port/wakefd.h"
#include "selector/kqueue/bits.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/oneshot.h"
#include "selector/kqueue/open.h"
#include "selector/kqueue/user.h"
#include "selector/pollable.h"
#include "selector/recent.h"
#include "selector/selector.h"

enum {
	TRIGGER = KQ_ALL + 1,		/* its unit, above the filters */
	BATCH = 64,			/* events one system call may bring */
	CHANGES = 2 * KQ_FILTERS + 1,	/* and what one may take */
	/* Darwin refuses a timeout of some years with EINVAL. */
	LONGEST = 24 * 60 * 60
};

struct kqueue {
	struct cmio_poll	base;
	int			kq;
	struct wakefd		kick;		/* without EVFILT_USER */
	atomic_int		kick_fd;	/* its end to read, or -1 */
	struct recent		recent;
	struct once_table	once;		/* under the lock */
};

static const struct kq_names names = {
	.read = EVFILT_READ,
	.write = EVFILT_WRITE,
	.except = KQ_EXCEPT_FILTER,
	.user = KQ_USER_FILTER,
	.aio = KQ_AIO_FILTER,
	.lio = KQ_LIO_FILTER,
	.add = EV_ADD,
	.remove = EV_DELETE,
	.enable = EV_ENABLE,
	.disable = EV_DISABLE,
	.clear = EV_CLEAR,
	.dispatch = EV_DISPATCH,
	.receipt = EV_RECEIPT,
	.eof = EV_EOF,
	.error = EV_ERROR,
	.lowat = NOTE_LOWAT,
	.oob = KQ_EXCEPT_OOB,
	.trigger = KQ_USER_TRIGGER,
};

static int
kq_open(struct cmio_poll **out)
{
	struct kqueue *kq;
	int rc;

	kq = calloc(1, sizeof(*kq));
	if (kq == NULL)
		return -ENOMEM;
	rc = cmio__kqueue_open();
	if (rc < 0) {
		free(kq);
		return rc;
	}
	kq->kq = rc;
	kq->kick = (struct wakefd)WAKEFD_CLOSED;
	atomic_init(&kq->kick_fd, -1);
	*out = &kq->base;
	return 0;
}

static void
kq_close(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;

	cmio__wakefd_close(&kq->kick);
	close(kq->kq);
	cmio__once_free(&kq->once);
	free(kq);
}

/*
 * Makes n changes, each whatever becomes of the others, and writes the error
 * of each to errors.  With as much room for receipts as there are changes,
 * the kernel mixes no events in.
 */
static int
submit(struct kqueue *kq, int fd, uintptr_t udata,
    const struct kq_change *changes, int n, int *errors)
{
	const struct timespec now = { 0 };
	struct kevent list[CHANGES];
	int i, got;

	for (i = 0; i < n; i++)
		EV_SET(&list[i], (uintptr_t)fd, changes[i].filter,
		    changes[i].flags, changes[i].fflags, changes[i].data,
		    (CMIO_KEVENT_UDATA)udata);
	do
		got = n == 0 ? 0 : kevent(kq->kq, list, n, list, n, &now);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return -errno;
	for (i = 0; i < n; i++)
		errors[i] = i < got && (list[i].flags & EV_ERROR) != 0 ?
		    (int)list[i].data : 0;
	return 0;
}

/* Does one thing to each filter of a set; what is not there is no error. */
static void
act_on(struct kqueue *kq, int fd, unsigned int filters, uint32_t action)
{
	struct kq_change changes[KQ_FILTERS];
	int errors[KQ_FILTERS];

	submit(kq, fd, 0, changes,
	    cmio__kq_changes(&names, filters, action, changes), errors);
}

/*
 * The user event that says "write closed" for a pipe whose reader was gone
 * when it was added.  FreeBSD, NetBSD and macOS refuse to watch such an end,
 * and nothing about it will ever change.
 */
static void
stand_in(struct kqueue *kq, int fd, unsigned int trigger, uintptr_t udata,
    unsigned int *added)
{
	struct kq_change changes[2];
	int errors[2];

	cmio__kq_additions(&names, KQ_ENDED, trigger, changes);
	changes[1] = cmio__kq_ending(&names);
	if (names.user == KQ_NO_FILTER ||
	    submit(kq, fd, udata, changes, 2, errors) != 0 || errors[0] != 0)
		*added &= ~(unsigned int)KQ_ENDED;
}

/*
 * Why there is no filter for writing.  NetBSD says EBADF of such an end, as
 * of what is not open at all, where FreeBSD says EPIPE.
 */
static int
why_not_write(int fd, int error)
{
	struct pollable file;

	if (error == EBADF && cmio__pollable(fd, &file) == 0 &&
	    file.what == POLLABLE_PIPE)
		return EPIPE;
	return error;
}

/*
 * A change of a source's filters: one is looked for, some go, some come.
 * Where sure is set, the first that is named must be there already.
 */
struct step {
	bool		sure;
	unsigned int	there;
	unsigned int	gone;
	unsigned int	filters;	/* added anew, or again */
	unsigned int	trigger;
	uintptr_t	udata;
};

/*
 * Takes a step, and writes which of step->filters there are now to *added.
 * Where it fails, there are none of them.
 */
static int
take(struct kqueue *kq, int fd, const struct step *step, unsigned int *added)
{
	struct kq_change changes[CHANGES];
	int errors[CHANGES], refused[KQ_FILTERS] = { 0 };
	int first, i, n, rc;

	n = cmio__kq_changes(&names, step->there, names.enable, changes);
	n += cmio__kq_changes(&names, step->gone, names.remove, changes + n);
	first = n;
	n += cmio__kq_additions(&names, step->filters, step->trigger,
	    changes + n);
	rc = submit(kq, fd, step->udata, changes, n, errors);
	if (rc != 0)
		return rc;
	for (i = 0, n = first; i < KQ_FILTERS; i++)
		if (step->filters & 1u << i)
			refused[i] = 1u << i == KQ_WRITE ?
			    why_not_write(fd, errors[n++]) : errors[n++];
	/* Another file, on a number that was closed without telling. */
	if (step->sure && errors[0] == ENOENT)
		rc = -ENOENT;
	else
		rc = cmio__kq_added(step->filters, refused, added);
	if (rc != 0)
		act_on(kq, fd, step->filters, names.remove);
	else if (*added & KQ_ENDED)
		stand_in(kq, fd, step->trigger, step->udata, added);
	return rc;
}

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
is_for_once(unsigned int trigger)
{
	return (trigger & KQ_MODE) == KQ_ONCE;
}

static void
remember(struct cmio_source *source, unsigned int filters,
    unsigned int trigger)
{
	cmio__kind_set_selector(source, filters | trigger * TRIGGER);
}

/* A filter of the set that goes when the descriptor is closed, or 0. */
static unsigned int
any_filter(unsigned int filters)
{
	filters &= ~(unsigned int)KQ_ENDED;
	return filters & -filters;
}

/*
 * Whether the descriptor is one to wait for.  kqueue takes files and
 * directories too, which are always ready.
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
 * Replaces all filters, where the kernel would keep what is to change: it
 * does not turn a level into an edge, and NetBSD does not report old data
 * to a filter that fired once and is enabled again.
 */
static int
replace(struct kqueue *kq, struct cmio_source *source, uintptr_t udata,
    unsigned int filters, unsigned int trigger)
{
	unsigned int old = filters_of(source), added = 0;
	int rc;

	rc = take(kq, source->fd, &(struct step){
		.sure = any_filter(old) != 0,
		.gone = old,
		.filters = filters,
		.trigger = trigger,
		.udata = udata,
	}, &added);
	/*
	 * Where the kernel refuses, for want of memory, to take again what
	 * it has just given up, the source is left without filters.
	 */
	remember(source, rc == 0 ? added : 0, trigger);
	return rc;
}

/* The same, under the lock, where the old or the new is reported once. */
static int
replace_once(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int filters, unsigned int trigger)
{
	struct once once = { .token = token };
	int rc;

	if (!is_for_once(trigger)) {
		cmio__once_clear(&kq->once, source->fd);
		return replace(kq, source, token, filters, trigger);
	}
	rc = cmio__once_reserve(&kq->once, source->fd);
	if (rc != 0)
		return rc;
	once.number = cmio__once_number(&kq->once);
	rc = replace(kq, source, once.number, filters, trigger);
	cmio__once_clear(&kq->once, source->fd);
	if (rc == 0) {
		once.filters = filters_of(source);
		cmio__once_set(&kq->once, source->fd, &once);
	}
	return rc;
}

/*
 * Changes the filters of a source that keeps its trigger.  What may fail
 * comes first, so that nothing has changed then.
 */
static int
change(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int filters)
{
	unsigned int old = filters_of(source), kept = old & filters;
	unsigned int added = 0, kept_on = 0;
	struct step step = {
		.trigger = trigger_of(source),
		.udata = token,
		.filters = filters & ~old,
	};
	int rc;

	rc = take(kq, source->fd, &step, &added);
	if (rc != 0 && !(rc == -EPERM && kept != 0))
		return rc;
	step.there = any_filter(old);
	step.sure = step.there != 0;
	step.gone = old & ~(kept | added);
	step.filters = kept;
	rc = take(kq, source->fd, &step, &kept_on);
	if (rc != 0) {
		act_on(kq, source->fd, added | old, names.remove);
		added = kept_on = 0;
	}
	remember(source, added | kept_on, step.trigger);
	return rc;
}

static int
set(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	unsigned int filters = cmio__kq_filters(&names, interest);
	unsigned int trigger = cmio__kq_trigger(interest);
	int rc;

	if (is_for_once(trigger) || is_for_once(trigger_of(source))) {
		cmio__lock(&kq->base.lock);
		rc = replace_once(kq, source, token, filters, trigger);
		cmio__unlock(&kq->base.lock);
		return rc;
	}
	if (trigger != trigger_of(source))
		return replace(kq, source, token, filters, trigger);
	return change(kq, source, token, filters);
}

static int
kq_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int rc;

	rc = check_kind(source, cmio__kq_filters(&names, interest));
	if (rc != 0)
		return cmio__result(rc);
	remember(source, 0, cmio__kq_trigger(interest));
	rc = set(kq, source, token, interest);
	if (rc != 0)
		return cmio__result(rc);
	cmio__hold(poll);
	recent_note(&kq->recent, source);
	source->state = &poll->self;
	return 0;
}

static int
kq_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;

	if (recent_superseded(&kq->recent, source))
		return cmio__result(-ENOENT);
	return cmio__result(set(kq, source, token, interest));
}

static void
kq_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct kqueue *kq = (struct kqueue *)poll;

	if (recent_superseded(&kq->recent, source))
		return;
	if (is_for_once(trigger_of(source))) {
		cmio__lock(&poll->lock);
		cmio__once_clear(&kq->once, source->fd);
		cmio__unlock(&poll->lock);
	}
	/* ENOENT, EBADF: closed since, and so removed by the kernel. */
	act_on(kq, source->fd, filters_of(source), names.remove);
	remember(source, 0, KQ_EDGE);
}

static int
kq_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	(void)poll;
	(void)source;
	(void)directions;
	return 0;
}

static bool
is_kick(const struct kqueue *kq, const struct kevent *found)
{
	kq_filter filter = found->filter;

	if (filter == names.user)
		return found->ident == KQ_KICK;
	return filter == names.read && found->ident ==
	    (uintptr_t)atomic_load_explicit(&kq->kick_fd,
	    memory_order_relaxed);
}

/* A stand_in() is no descriptor's own: it outlives one that was closed. */
static bool
is_left_over(struct kqueue *kq, const struct kevent *found)
{
	struct pollable file;
	int fd = (int)found->ident;

	if ((kq_filter)found->filter != names.user ||
	    (cmio__pollable(fd, &file) == 0 && file.what == POLLABLE_PIPE))
		return false;
	act_on(kq, fd, KQ_ENDED, names.remove);
	return true;
}

/* Aio requests bring flags of the program's. */
static bool
is_once(const struct kevent *found)
{
	return (found->flags & EV_DISPATCH) != 0 &&
	    (kq_filter)found->filter != names.aio &&
	    (kq_filter)found->filter != names.lio;
}

/* Drops what is not for the caller, and returns how many are left. */
static int
sift(struct kqueue *kq, struct kevent *found, int n, bool *kicked)
{
	int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (is_kick(kq, &found[i]))
			*kicked = true;
		else if (!is_left_over(kq, &found[i]))
			found[kept++] = found[i];
	}
	return kept;
}

/*
 * Puts tokens for the numbers in the events of sources that are reported
 * once, and drops those of sources that were changed since.
 */
static int
find_tokens(const struct kqueue *kq, struct kevent *found, int n)
{
	const struct once *once;
	int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (is_once(&found[i])) {
			once = cmio__once_find(&kq->once, found[i].ident,
			    (uintptr_t)found[i].udata);
			if (once == NULL)
				continue;
			found[i].udata = (CMIO_KEVENT_UDATA)once->token;
		}
		found[kept++] = found[i];
	}
	return kept;
}

/* The other filters of what has fired must not fire any more. */
static void
silence(struct kqueue *kq, const struct kevent *found, int n)
{
	struct once *once;
	int fd, i;

	for (i = 0; i < n; i++) {
		if (!is_once(&found[i]))
			continue;
		fd = (int)found[i].ident;
		once = &kq->once.by_fd[fd];
		if (once->number != 0 && (once->filters & (once->filters - 1)))
			act_on(kq, fd, once->filters, names.disable);
		once->number = 0;
	}
}

static int
settle_once(struct kqueue *kq, struct kevent *found, int n)
{
	cmio__lock(&kq->base.lock);
	n = find_tokens(kq, found, n);
	silence(kq, found, n);
	cmio__unlock(&kq->base.lock);
	return n;
}

/* Turns n events of the kernel's into the caller's: how many, or WOKEN. */
static int
translate(struct kqueue *kq, struct kevent *found, int n,
    struct cmio_event *events)
{
	bool kicked = false, once = false;
	int i;

	n = sift(kq, found, n, &kicked);
	for (i = 0; i < n && !once; i++)
		once = is_once(&found[i]);
	if (once)
		n = settle_once(kq, found, n);
	for (i = 0; i < n; i++)
		events[i] = (struct cmio_event){
			.token = (uintptr_t)found[i].udata,
			.ready = cmio__kq_ready(&names, found[i].filter,
			    found[i].flags, found[i].fflags),
			.native = (uint32_t)found[i].filter << 16 |
			    (found[i].flags & 0xffff),
		};
	return n == 0 && kicked ? WOKEN : n;
}

/* One call of the kernel's, for a while at the most. */
static int
wait_once(struct kqueue *kq, struct kevent *found, int most, int64_t timeout)
{
	const int64_t longest = (int64_t)LONGEST * NSEC_PER_SEC;
	struct timespec ts = { 0 };
	int n;

	if (timeout > 0)
		ts = cmio__timespec(timeout < longest ? timeout : longest);
	n = kevent(kq->kq, NULL, 0, found, most, timeout < 0 ? NULL : &ts);
	return n == -1 ? -errno : n;
}

static int
kq_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct kqueue *kq = (struct kqueue *)poll;
	struct kevent found[BATCH];
	int64_t deadline = cmio__deadline(timeout), left = timeout;
	int most = nevents < BATCH ? nevents : BATCH;
	int n, rc;

	/* Some kernels count in ticks, and may come back before the time. */
	do {
		n = rc = wait_once(kq, found, most, left);
		if (n > 0)
			rc = translate(kq, found, n, events);
		if (rc != 0)
			return rc;
		left = cmio__remaining(deadline);
	} while (n > 0 || left != 0);
	return 0;
}

static cmio_fd
kq_kernel_fd(const struct cmio_poll *poll)
{
	return ((const struct kqueue *)poll)->kq;
}

/* A pipe where the kernel has no events of the user's; never read. */
static int
kick_by_pipe(struct kqueue *kq)
{
	struct kq_change change;
	int error = 0, rc;

	rc = cmio__wakefd_pipe(&kq->kick);
	if (rc != 0)
		return rc;
	cmio__kq_additions(&names, KQ_READ, KQ_EDGE, &change);
	rc = submit(kq, kq->kick.fd, 0, &change, 1, &error);
	if (rc == 0)
		rc = -error;
	if (rc != 0) {
		cmio__wakefd_close(&kq->kick);
		return rc;
	}
	/* Its number may be that of a source that was closed. */
	recent_note(&kq->recent,
	    &(struct cmio_source)CMIO_SOURCE(kq->kick.fd));
	atomic_store(&kq->kick_fd, kq->kick.fd);
	return 0;
}

static int
kq_kick_on(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int rc;

	rc = cmio__kq_user_on(kq->kq);
	return rc == -EINVAL ? kick_by_pipe(kq) : rc;
}

static void
kq_kick_off(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;

	if (kq->kick.fd == -1) {
		cmio__kq_user_off(kq->kq);
		return;
	}
	act_on(kq, kq->kick.fd, KQ_READ, names.remove);
	atomic_store(&kq->kick_fd, -1);
	cmio__wakefd_close(&kq->kick);
}

/* Each write to the pipe is an edge. */
static int
kq_kick(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;

	return kq->kick.fd == -1 ? cmio__kq_user_kick(kq->kq) :
	    cmio__wakefd_signal(&kq->kick);
}

const struct selector_ops cmio__kqueue = {
	.name = "kqueue",
	.interest = DIRECTIONS | KQ_AIO | KQ_LIO,
	.open = kq_open,
	.close = kq_close,
	.add = kq_add,
	.modify = kq_modify,
	.remove = kq_remove,
	.forget = kq_remove,
	.rearm = kq_rearm,
	.wait = kq_wait,
	.enter = cmio__enter,
	.kernel_fd = kq_kernel_fd,
	.kick_on = kq_kick_on,
	.kick_off = kq_kick_off,
	.kick = kq_kick,
};
