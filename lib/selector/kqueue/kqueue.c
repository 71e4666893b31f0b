/* SPDX-License-Identifier: MIT */
/*
 * Readiness by kqueue(2): the BSDs, macOS and its relatives.
 *
 * The kernel holds the whole set, so any thread may change it while another
 * waits, and there is nothing to rearm.  An event goes from kq_wait() to
 * cmio__kq_translate() in events.c, and back; source.c adds, changes and
 * removes sources.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "port/cancel.h"
#include "port/clock.h"
#include "port/close.h"
#include "port/wakefd.h"
#include "selector/fd_table.h"
#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/events.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"
#include "selector/kqueue/open.h"
#include "selector/kqueue/source.h"
#include "selector/kqueue/tokens.h"
#include "selector/kqueue/user.h"
#include "selector/selector.h"

enum {
	BATCH = 64,		/* events of one system call */
	/* In seconds.  macOS refuses a timeout of years with EINVAL. */
	LONGEST = 24 * 60 * 60
};

static const struct kq_names *const names = &cmio__kq_names;

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
	kq->wake = (struct wakefd)WAKEFD_CLOSED;
	atomic_init(&kq->wake_fd, -1);
	atomic_init(&kq->look_up, false);
	*out = &kq->base;
	return 0;
}

static void
kq_close(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;

	cmio__wakefd_close(&kq->wake);
	cmio__close_fd(kq->kq);
	cmio__fd_table_free(&kq->table);
	cmio__tokens_free(&kq->tokens);
	free(kq);
}

/* One system call, which may return before a long timeout has passed. */
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
	int most = nevents < BATCH ? nevents : BATCH;
	int n;

	/* A kernel that counts in ticks may return before the timeout. */
	n = wait_once(kq, found, most, timeout);
	return n > 0 ? cmio__kq_translate(kq, found, n, events) : n;
}

static cmio_fd
kq_kernel_fd(const struct cmio_poll *poll)
{
	return ((const struct kqueue *)poll)->kq;
}

static int
watch_pipe(struct kqueue *kq)
{
	struct kq_change change;
	int error = 0, rc;

	/* Sources whose descriptors were closed may have these numbers. */
	cmio__fd_claim(&kq->table, kq->wake.fd);
	cmio__fd_claim(&kq->table, kq->wake.write_fd);
	cmio__kq_additions(names, KQ_READ, KQ_EDGE, &change);
	rc = cmio__kq_submit(kq->kq, kq->wake.fd, 0, &change, 1, &error);
	return rc != 0 ? rc : -error;
}

/* Closing takes it out of the kernel's set, unless a child has it open. */
static void
close_pipe(struct kqueue *kq)
{
	cmio__kq_act(kq->kq, kq->wake.fd, KQ_READ, names->remove);
	atomic_store(&kq->wake_fd, -1);
	cmio__wakefd_close(&kq->wake);
}

/* If the kernel has no EVFILT_USER, a pipe wakes.  It is never read. */
static int
wake_by_pipe(struct kqueue *kq)
{
	int rc;

	rc = cmio__wakefd_pipe(&kq->wake);
	if (rc != 0)
		return rc;
	rc = watch_pipe(kq);
	if (rc == 0)
		atomic_store(&kq->wake_fd, kq->wake.fd);
	else
		close_pipe(kq);
	return rc;
}

/* These two are called under the lock. */
static int
kq_wake_on(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = cmio__cancel_off(), rc;

	rc = cmio__kq_user_on(kq->kq);
	if (rc == -EINVAL)
		rc = wake_by_pipe(kq);
	cmio__cancel_restore(before);
	return rc;
}

static int
kq_wake_off(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = cmio__cancel_off();

	if (kq->wake.fd == -1)
		cmio__kq_user_off(kq->kq);
	else
		close_pipe(kq);
	cmio__cancel_restore(before);
	return 0;
}

/* Each write to the pipe is an edge. */
static int
kq_wake(struct cmio_poll *poll)
{
	struct kqueue *kq = (struct kqueue *)poll;
	int before = cmio__cancel_off(), rc;

	rc = kq->wake.fd == -1 ? cmio__kq_user_wake(kq->kq) :
	    cmio__wakefd_wake(&kq->wake);
	cmio__cancel_restore(before);
	return rc;
}

const struct selector_ops cmio__kqueue = {
	.name = "kqueue",
	.interest = DIRECTIONS | KQ_AIO | KQ_LIO,
	.open = kq_open,
	.close = kq_close,
	.add = cmio__kq_add,
	.modify = cmio__kq_modify,
	.remove = cmio__kq_remove,
	.forget = cmio__kq_remove,
	.rearm = cmio__no_rearm,
	.wait = kq_wait,
	.kernel_fd = kq_kernel_fd,
	.wake_on = kq_wake_on,
	.wake_off = kq_wake_off,
	.wake = kq_wake,
};
