/* SPDX-License-Identifier: MIT */
/* The records of record.h. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "selector/by_fd.h"
#include "selector/poll_bits.h"
#include "selector/pollable.h"
#include "selector/record.h"
#include "selector/selector.h"

int
cmio__record_new(struct cmio_poll *poll, const struct cmio_source *source,
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
cmio__record_reserve(struct record_table *table, const struct record *r,
    struct record **other)
{
	struct record **by_fd, *at;

	by_fd = cmio__by_fd_reserve(table->by_fd, &table->room, r->fd,
	    sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	table->by_fd = by_fd;
	at = by_fd[r->fd];
	if (at != NULL && cmio__pollable_same(&at->file, &r->file))
		return -EEXIST;
	*other = at;
	return 0;
}

void
cmio__record_enter(struct record_table *table, struct record *r)
{
	table->by_fd[r->fd] = r;
	r->present = true;
}

void
cmio__record_leave(struct record_table *table, struct record *r)
{
	if (r->present)
		table->by_fd[r->fd] = NULL;
	r->present = false;
}

void
cmio__record_set(struct record *r, uintptr_t token, unsigned int interest)
{
	r->token = token;
	r->interest = interest;
	r->armed = interest & DIRECTIONS;
	r->reported = 0;
}

bool
cmio__record_is(const struct record *r, const struct pollable *file)
{
	return r->present && cmio__pollable_same(&r->file, file);
}

bool
cmio__record_rearm(struct record *r, unsigned int directions)
{
	directions &= r->interest & ~r->armed;
	if (!r->present || directions == 0 ||
	    (r->interest & CMIO_ONESHOT) != 0)
		return false;
	/* If an operation answers EAGAIN there is no such end now. */
	r->armed |= directions;
	r->reported &= ~(POLLERR | POLLHUP);
	return true;
}

bool
cmio__record_report(struct record *r, short revents, struct cmio_event *event)
{
	unsigned int ready;

	ready = cmio__poll_ready(r->file.what, r->interest, r->armed,
	    r->reported, revents);
	if (ready == 0)
		return false;
	*event = (struct cmio_event){
		.token = r->token,
		.ready = ready,
		.native = (uint32_t)(unsigned short)revents,
	};
	r->armed = cmio__poll_armed(r->interest, r->armed, ready, revents);
	r->reported = cmio__poll_reported(r->interest, r->reported, revents);
	return true;
}
