/* SPDX-License-Identifier: MIT */
/* The sources of kqueue/source.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/cancel.h"
#include "port/kind.h"
#include "selector/fd_table.h"
#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/source.h"
#include "selector/kqueue/tokens.h"
#include "selector/pollable.h"

static const struct kq_names *const names = &cmio__kq_names;

/* kevent(2) must not be a cancellation point while the lock is held. */
static int
lock(struct kqueue *kq)
{
	int before = cmio__cancel_off();

	cmio__lock(&kq->base.lock);
	return before;
}

static void
unlock(struct kqueue *kq, int before)
{
	cmio__unlock(&kq->base.lock);
	cmio__cancel_restore(before);
}

/*
 * Sets *fifo to KQ_FIFO or 0.  Refuses regular files and directories: kqueue
 * takes them, and reports them as always ready.
 */
static int
check_kind(const struct cmio_source *source, unsigned int *fifo)
{
	struct pollable file;
	int rc;

	*fifo = source->kind & KIND_PIPE ? KQ_FIFO : 0;
	if (source->kind & (KIND_SOCKET | KIND_PIPE))
		return 0;
	rc = cmio__pollable(source->fd, &file);
	if (rc == 0 && file.what == POLLABLE_PIPE)
		*fifo = KQ_FIFO;
	return rc;
}

/* A source that is registered for asynchronous I/O alone has no filter. */
static int
check(const struct cmio_source *source, unsigned int interest,
    unsigned int *fifo)
{
	*fifo = 0;
	if ((interest & DIRECTIONS) == 0)
		return fcntl(source->fd, F_GETFD) == -1 ? -errno : 0;
	return check_kind(source, fifo);
}

static bool
needs_table(unsigned int set)
{
	return (set & KQ_MODE) == KQ_ONESHOT ||
	    (set & (KQ_HANGUP | KQ_WRITER)) != 0;
}

/*
 * Makes room in the table.  A token is needed for a oneshot source, and by
 * is_registered() on a kernel without EV_KEEPUDATA.
 */
static int
reserve(struct kqueue *kq, int fd, unsigned int set)
{
	int rc;

	rc = cmio__fd_reserve(&kq->table, fd);
	if (rc == 0 && ((set & KQ_MODE) == KQ_ONESHOT ||
	    names->keep_udata == 0))
		rc = cmio__tokens_reserve(&kq->tokens, fd);
	if (rc == 0 && needs_table(set))
		atomic_store(&kq->look_up, true);
	return rc;
}

static uintptr_t
udata_of(const struct fd_entry *entry, unsigned int set, uintptr_t token)
{
	return (set & KQ_MODE) == KQ_ONESHOT ? entry->generation : token;
}

/* Whether an earlier source is registered, and its descriptor open. */
static bool
is_registered(const struct kqueue *kq, int fd)
{
	const struct fd_entry *entry = cmio__fd_find(&kq->table, fd);
	uintptr_t token = cmio__tokens_get(&kq->tokens, fd);

	return cmio__kq_is_there(kq->kq, fd,
	    udata_of(entry, entry->flags, token), entry->flags & KQ_ALL,
	    entry->flags);
}

/*
 * Gives a source whose kernel filters are those of old the filters of set.
 * Filters that it has not yet are added first: if the kernel refuses them,
 * nothing has changed.  Filters that it has are removed and added again, as
 * the kernel would otherwise keep what is to change: EV_ADD turns no level
 * into an edge, and on NetBSD a filter that fired once and is enabled again
 * does not report data of before.
 */
static int
apply(struct kqueue *kq, int fd, unsigned int old, uintptr_t udata,
    unsigned int *set)
{
	unsigned int has = old & KQ_ALL, wanted = *set & KQ_ALL;
	unsigned int added = 0, again = 0;
	struct kq_step step = { .set = *set, .udata = udata };
	int rc;

	step.filters = wanted & ~has;
	step.others = wanted & has;
	rc = cmio__kq_take(kq->kq, fd, &step, &added);
	if (rc != 0)
		return rc;
	step.gone = has & ~added;
	step.filters = wanted & has;
	step.others = added;
	rc = cmio__kq_take(kq->kq, fd, &step, &again);
	if (rc != 0)
		cmio__kq_act(kq->kq, fd, added | has, names->remove);
	*set = (*set & ~(unsigned int)KQ_ALL) |
	    (rc == 0 ? added | again : 0);
	return rc;
}

/*
 * The same, with the table.  A oneshot source gets a new generation each
 * time, so that events of before can be told from those that follow.
 */
static int
change(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int set)
{
	struct fd_entry *entry = cmio__fd_find(&kq->table, source->fd);
	struct fd_entry before = *entry;
	int rc;

	if ((set & KQ_MODE) == KQ_ONESHOT)
		cmio__fd_register(&kq->table, source);
	rc = apply(kq, source->fd, before.flags,
	    udata_of(entry, set, token), &set);
	/* Another file, or none; or else nothing has changed. */
	if (rc == -ENOENT || rc == -EBADF ||
	    (rc != 0 && (set & KQ_ALL) != 0)) {
		*entry = before;
		cmio__kind_set_generation(source, before.generation);
		return rc;
	}
	entry->flags = set;
	cmio__tokens_set(&kq->tokens, source->fd, token);
	return rc;
}

static int
add(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int set)
{
	int rc;

	rc = source->fd < 0 ? -EBADF : reserve(kq, source->fd, set);
	if (rc != 0)
		return rc;
	if (is_registered(kq, source->fd))
		return -EEXIST;
	/* The kernel has removed what an earlier source may have had. */
	cmio__fd_register(&kq->table, source);
	rc = change(kq, source, token, set);
	if (rc != 0)
		cmio__fd_find(&kq->table, source->fd)->flags = 0;
	return rc;
}

int
cmio__kq_add(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;
	unsigned int fifo;
	int before, rc;

	rc = check(source, interest, &fifo);
	if (rc != 0)
		return rc;
	before = lock(kq);
	rc = add(kq, source, token, cmio__kq_set(names, interest, fifo));
	unlock(kq, before);
	if (rc == 0)
		source->state = &poll->self;
	return rc;
}

static int
modify(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	const struct fd_entry *entry = cmio__fd_current(&kq->table, source);
	unsigned int set;
	int rc;

	if (entry == NULL)
		return -ENOENT;
	set = cmio__kq_set(names, interest, entry->flags & KQ_FIFO);
	rc = reserve(kq, source->fd, set);
	return rc == 0 ? change(kq, source, token, set) : rc;
}

int
cmio__kq_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = lock(kq), rc;

	rc = modify(kq, source, token, interest);
	unlock(kq, before);
	return rc;
}

void
cmio__kq_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = lock(kq);
	struct fd_entry *entry = cmio__fd_current(&kq->table, source);

	if (entry != NULL) {
		/* ENOENT, EBADF: the kernel removed them on close. */
		cmio__kq_act(kq->kq, source->fd, entry->flags & KQ_ALL,
		    names->remove);
		entry->flags = 0;
	}
	unlock(kq, before);
}
