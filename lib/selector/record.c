/* SPDX-License-Identifier: MIT */
/* The records of record.h. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/clock.h"
#include "port/find_kind.h"
#include "port/probe.h"
#include "selector/fd_table.h"
#include "selector/lasting.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

static int
new_record(struct cmio_poll *poll, const struct cmio_source *source,
    uintptr_t token, unsigned int interest, size_t size, struct record **out)
{
	struct pollable file;
	struct record *r;
	int rc;

	rc = cmio__pollable(source->fd, &file);
	if (rc != 0)
		return rc;
	r = calloc(1, size);
	if (r == NULL)
		return -ENOMEM;
	r->base.poll = poll;
	r->fd = source->fd;
	r->file = file;
	cmio__record_set(r, token, interest);
	*out = r;
	return 0;
}

int
cmio__record_add(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest, size_t size,
    int (*insert)(struct cmio_poll *, struct record *))
{
	struct record *r;
	int rc;

	rc = cmio__know_kind(source);
	if (rc == 0)
		rc = new_record(poll, source, token, interest, size, &r);
	if (rc != 0)
		return rc;
	cmio__lock(&poll->lock);
	rc = insert(poll, r);
	cmio__unlock(&poll->lock);
	if (rc == 0)
		source->state = &r->base;
	else
		free(r);
	return rc;
}

int
cmio__record_reserve(struct records *records, const struct record *r,
    struct record **other)
{
	struct record *at;
	int rc;

	rc = cmio__fd_reserve(&records->fds, r->fd);
	if (rc != 0)
		return rc;
	at = cmio__fd_find(&records->fds, r->fd)->record;
	if (at != NULL && cmio__pollable_surely(r->fd, &r->file, &at->file))
		return -EEXIST;
	*other = at;
	return 0;
}

void
cmio__record_enter(struct records *records, struct record *r)
{
	cmio__fd_find(&records->fds, r->fd)->record = r;
	r->present = true;
}

void
cmio__record_leave(struct records *records, struct record *r)
{
	cmio__lasting_remove(r);
	if (r->present)
		cmio__fd_find(&records->fds, r->fd)->record = NULL;
	r->present = false;
}

void
cmio__record_set(struct record *r, uintptr_t token, unsigned int interest)
{
	cmio__lasting_remove(r);
	r->token = token;
	r->interest = interest;
	r->armed = interest & DIRECTIONS;
	r->reported = 0;
}

int
cmio__record_check(const struct record *r)
{
	struct pollable now;
	int rc;

	rc = cmio__pollable_file(r->fd, &now);
	if (rc != 0)
		return rc;
	return r->present && cmio__pollable_same(&r->file, &now) ? 0 :
	    -ENOENT;
}

bool
cmio__record_rearm(struct records *records, struct record *r,
    unsigned int directions)
{
	/* The end was reported: nothing comes after it. */
	if (r->reported & CMIO_POLLRDHUP)
		directions &= ~CMIO_READABLE;
	directions &= r->interest & ~r->armed;
	if (!r->present || (r->interest & CMIO_ONESHOT) != 0 ||
	    (directions == 0 && r->reported == 0))
		return false;
	r->armed |= directions;
	if (r->reported != 0)
		cmio__lasting_put(records, r);
	return true;
}

bool
cmio__record_report(struct records *records, struct record *r, short revents,
    struct cmio_event *event)
{
	unsigned int ready;
	short before = r->reported;

	ready = cmio__poll_ready(r->file.what, r->interest, r->armed, before,
	    revents);
	if (ready == 0)
		return false;
	*event = (struct cmio_event){
		.token = r->token,
		.ready = ready,
		.native = (uint32_t)(unsigned short)revents,
	};
	cmio__probe_event(r->base.poll->ops->name, event);
	r->armed = cmio__poll_armed(r->interest, r->armed, revents);
	r->reported = cmio__poll_reported(r->interest, before, revents);
	if (r->reported != before) {
		r->reported_at = cmio__now();
		cmio__lasting_put(records, r);
	}
	return true;
}

bool
cmio__record_looked(struct records *records, struct record *r, short revents,
    int64_t now, struct cmio_event *event)
{
	bool reported;

	cmio__lasting_seen(r, revents, now);
	reported = cmio__record_report(records, r, revents, event);
	if (r->reported == 0)
		return reported;
	if (reported)
		cmio__lasting_put(records, r);
	else
		cmio__lasting_rest(records, r, now);
	return reported;
}
