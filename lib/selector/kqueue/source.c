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

/* The source's entry, or NULL if the number belongs to a younger source. */
static struct fd_entry *
entry_of(const struct kqueue *kq, const struct cmio_source *source)
{
	struct fd_entry *entry = cmio__fd_table_find(&kq->table, source->fd);

	return entry != NULL &&
	    entry->generation == cmio__kind_generation(source) ? entry : NULL;
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
 * Makes room in the table.  The second column has the token of a oneshot
 * source, and, on a kernel without EV_KEEPUDATA, what is_registered() needs.
 */
static int
reserve(struct kqueue *kq, int fd, unsigned int set)
{
	int rc;

	rc = cmio__fd_table_reserve(&kq->table, fd);
	if (rc == 0 && ((set & KQ_MODE) == KQ_ONESHOT ||
	    names->keep_udata == 0))
		rc = cmio__fd_table_reserve_tokens(&kq->table);
	if (rc == 0 && needs_table(set))
		atomic_store(&kq->look_up, true);
	return rc;
}

/* Whether the entry's source is registered, and its descriptor open. */
static bool
is_registered(const struct kqueue *kq, int fd, const struct fd_entry *entry)
{
	uintptr_t udata = 0;

	if (entry->generation == 0)
		return false;
	if ((entry->set & KQ_MODE) == KQ_ONESHOT)
		udata = entry->generation;
	else if (kq->table.tokens != NULL)
		udata = kq->table.tokens[fd];
	return cmio__kq_is_there(kq->kq, fd, udata, entry->set & KQ_ALL,
	    entry->set);
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
 * The same for a source that has an entry.  A oneshot source gets a new
 * generation each time, so that older events of it are known.
 */
static int
change(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int set)
{
	struct fd_entry *entry = cmio__fd_table_find(&kq->table, source->fd);
	bool oneshot = (set & KQ_MODE) == KQ_ONESHOT;
	uint32_t generation = entry->generation;
	int rc;

	if (oneshot || generation == 0)
		generation = cmio__fd_table_generation(&kq->table);
	rc = apply(kq, source->fd, entry->set, oneshot ? generation : token,
	    &set);
	/* Another file, or none; or else nothing has changed. */
	if (rc == -ENOENT || rc == -EBADF ||
	    (rc != 0 && (set & KQ_ALL) != 0))
		return rc;
	*entry = (struct fd_entry){ .generation = generation, .set = set };
	cmio__kind_set_generation(source, generation);
	if (kq->table.tokens != NULL)
		kq->table.tokens[source->fd] = token;
	return rc;
}

static int
add_locked(struct kqueue *kq, struct cmio_source *source, uintptr_t token,
    unsigned int set)
{
	struct fd_entry *entry;
	int rc;

	rc = reserve(kq, source->fd, set);
	if (rc != 0)
		return rc;
	entry = cmio__fd_table_find(&kq->table, source->fd);
	if (is_registered(kq, source->fd, entry))
		return -EEXIST;
	/* What an older source has left; the kernel has removed it. */
	*entry = (struct fd_entry){ .generation = 0 };
	rc = change(kq, source, token, set);
	if (rc != 0)
		entry->generation = 0;
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
	rc = add_locked(kq, source, token,
	    cmio__kq_set(names, interest, fifo));
	unlock(kq, before);
	if (rc == 0)
		source->state = &poll->self;
	return rc;
}

static int
modify_locked(struct kqueue *kq, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct fd_entry *entry = entry_of(kq, source);
	unsigned int set;
	int rc;

	if (entry == NULL)
		return -ENOENT;
	set = cmio__kq_set(names, interest, entry->set & KQ_FIFO);
	rc = reserve(kq, source->fd, set);
	return rc == 0 ? change(kq, source, token, set) : rc;
}

int
cmio__kq_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = lock(kq), rc;

	rc = modify_locked(kq, source, token, interest);
	unlock(kq, before);
	return rc;
}

void
cmio__kq_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = lock(kq);
	struct fd_entry *entry = entry_of(kq, source);

	if (entry != NULL) {
		/* ENOENT, EBADF: the kernel removed them on close. */
		cmio__kq_act(kq->kq, source->fd, entry->set & KQ_ALL,
		    names->remove);
		*entry = (struct fd_entry){ .generation = 0 };
	}
	unlock(kq, before);
}
