/* SPDX-License-Identifier: MIT */
/*
 * Readiness by poll(2): every Unix.
 *
 * Each source has a record here, and a slot in the array that the kernel
 * reads.  While a thread sleeps that array is the kernel's: others change the
 * records and wake the sleeper, who brings the array up to date.
 *
 * A hang-up or an error cannot be masked, so a descriptor that has reported
 * one is left out of the array, and looked at now and then: see lasting.h.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/wakefd.h"
#include "selector/fd_table.h"
#include "selector/poll/poll.h"
#include "selector/poll/set.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

static int
pl_open(struct cmio_poll **out)
{
	struct pollset *pl;
	int rc;

	pl = calloc(1, sizeof(*pl));
	if (pl == NULL)
		return -ENOMEM;
	rc = cmio__wakefd_open(&pl->wakefd);
	if (rc != 0)
		goto no_wakefd;
	rc = cmio__pollable_file(pl->wakefd.fd, &pl->wake_file);
	if (rc == 0)
		rc = cmio__set_open(&pl->set, pl->wakefd.fd);
	if (rc != 0)
		goto no_set;
	atomic_init(&pl->wakes, 0);
	pl->next = 1;
	*out = &pl->base;
	return 0;

no_set:
	cmio__wakefd_close(&pl->wakefd);
no_wakefd:
	free(pl);
	return rc;
}

static void
pl_close(struct cmio_poll *poll)
{
	struct pollset *pl = (struct pollset *)poll;

	cmio__set_close(&pl->set);
	cmio__wakefd_close(&pl->wakefd);
	cmio__fd_table_free(&pl->records.fds);
	free(pl);
}

static int
pl_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;

	if (source->fd == pl->wakefd.fd || source->fd == pl->wakefd.write_fd)
		return -EINVAL;
	return cmio__record_add(poll, source, token, interest,
	    sizeof(struct entry), cmio__poll_insert);
}

static int
pl_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;
	int rc;

	cmio__lock(&poll->lock);
	rc = cmio__record_check(r);
	if (rc == 0) {
		cmio__record_set(r, token, interest);
		cmio__poll_changed(pl, r);
	} else if (rc == -ENOENT)
		/* Another file has the number now. */
		cmio__poll_drop(pl, r);
	cmio__unlock(&poll->lock);
	return rc;
}

static void
pl_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	cmio__poll_drop(pl, r);
	cmio__set_free(entry(r));
	cmio__unlock(&poll->lock);
}

static int
pl_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct pollset *pl = (struct pollset *)poll;
	struct record *r = source->state;

	cmio__lock(&poll->lock);
	if (cmio__record_rearm(&pl->records, r, directions))
		cmio__poll_changed(pl, r);
	cmio__unlock(&poll->lock);
	return 0;
}

static cmio_fd
pl_kernel_fd(const struct cmio_poll *poll)
{
	(void)poll;
	return CMIO_FD_NONE;
}

static int
pl_wake(struct cmio_poll *poll)
{
	return cmio__poll_wake((struct pollset *)poll);
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
	.wait = cmio__poll_wait,
	.kernel_fd = pl_kernel_fd,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = pl_wake,
};
