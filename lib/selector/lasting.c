/* SPDX-License-Identifier: MIT */
/* The looks of lasting.h, by poll(2) without a timeout. */
#include "config.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/clock.h"
#include "port/ppoll.h"
#include "selector/lasting.h"
#include "selector/poll_bits.h"
#include "selector/record.h"

#define LOOK_AGAIN	INT64_C(50000000)	/* every so many nanoseconds */
#define REPORT_AGAIN	INT64_C(100000000)
#define APART		INT64_C(5000000)	/* between two looks */

void
cmio__lasting_remove(struct record *r)
{
	if (r->link == NULL)
		return;
	*r->link = r->next;
	if (r->next != NULL)
		r->next->link = r->link;
	r->link = NULL;
}

static void
put_into(struct record **list, struct record *r)
{
	cmio__lasting_remove(r);
	r->next = *list;
	if (r->next != NULL)
		r->next->link = &r->next;
	r->link = list;
	*list = r;
}

void
cmio__lasting_put(struct records *records, struct record *r)
{
	put_into(&records->due, r);
}

/* When a condition of the source is to be reported again, or INT64_MAX. */
static int64_t
report_again_at(const struct record *r)
{
	return r->reported & cmio__poll_renewable(r->file.what) ?
	    r->reported_at + REPORT_AGAIN : INT64_MAX;
}

void
cmio__lasting_rest(struct records *records, struct record *r, int64_t now)
{
	int64_t at = report_again_at(r);

	if (at < now + APART)
		at = now + APART;
	if (records->resting == NULL || at < records->next_look)
		records->next_look = at;
	if (records->next_look > now + LOOK_AGAIN)
		records->next_look = now + LOOK_AGAIN;
	put_into(&records->resting, r);
}

/* All that rest are due when the first is. */
static void
rouse(struct records *records, int64_t now)
{
	if (records->due != NULL || records->resting == NULL ||
	    now < records->next_look)
		return;
	records->due = records->resting;
	records->due->link = &records->due;
	records->resting = NULL;
}

int
cmio__lasting_look(struct records *records, int64_t now, struct look *looks,
    int n)
{
	struct pollfd fds[MOST_LOOKS];
	struct record *r;
	int i, most = n < MOST_LOOKS ? n : MOST_LOOKS, rc;

	rouse(records, now);
	for (i = 0, r = records->due; i < most && r != NULL; r = r->next)
		fds[i++] = (struct pollfd){ .fd = r->fd,
		    .events = cmio__poll_events(r->interest, r->interest, 0) };
	if (i == 0)
		return 0;
	n = i;
	rc = cmio__ppoll(fds, (nfds_t)n, 0);
	if (rc < 0)
		return rc;
	for (i = 0; i < n; i++) {
		r = records->due;
		looks[i] = (struct look){ r, fds[i].revents };
		cmio__lasting_remove(r);
	}
	return n;
}

void
cmio__lasting_seen(struct record *r, short revents, int64_t now)
{
	r->armed = cmio__poll_seen(r->interest, r->armed, r->reported,
	    revents);
	if (now >= report_again_at(r))
		r->reported &= ~cmio__poll_renewable(r->file.what);
	r->reported &= revents;
}

int64_t
cmio__lasting_timeout(const struct records *records, int64_t now,
    int64_t timeout)
{
	int64_t left;

	if (records->due != NULL)
		return 0;
	if (records->resting == NULL)
		return timeout;
	left = records->next_look > now ? records->next_look - now : 0;
	return timeout >= 0 && timeout < left ? timeout : left;
}
