/* SPDX-License-Identifier: MIT */
/* The wait of looks.h. */
#include "config.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/clock.h"
#include "selector/lasting.h"
#include "selector/looks.h"
#include "selector/record.h"
#include "selector/selector.h"

/* Returns whether there is something to report. */
static bool
take_look(struct cmio_poll *poll, struct records *records,
    const struct look_ops *ops, const struct look *look, int64_t now,
    struct cmio_event *event)
{
	bool reported;

	if (look->revents & POLLNVAL) {
		ops->drop(poll, look->record);
		return false;
	}
	reported = cmio__record_looked(records, look->record, look->revents,
	    now, event);
	ops->update(poll, look->record);
	return reported;
}

/* Returns a count of events, or a negative errno number if that is 0. */
static int
look(struct cmio_poll *poll, struct records *records,
    const struct look_ops *ops, int64_t now, struct cmio_event *events,
    int room)
{
	struct look looks[MOST_LOOKS];
	int count = 0, i, n;

	do {
		n = cmio__lasting_look(records, now, looks, room - count);
		if (n < 0)
			return count > 0 ? count : n;
		for (i = 0; i < n; i++)
			if (take_look(poll, records, ops, &looks[i], now,
			    &events[count]))
				count++;
	} while (n > 0 && count < room);
	return count;
}

/*
 * One place of the array is kept for what the kernel's wait finds.  If there
 * is only one place, the two get it by turns.
 */
static int
room_for_looks(struct records *records, int nevents)
{
	if (nevents > 1)
		return nevents - 1;
	records->kernel_first = !records->kernel_first;
	return records->kernel_first ? 1 : 0;
}

int
cmio__look_and_wait(struct cmio_poll *poll, struct records *records,
    const struct look_ops *ops, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	int64_t now;
	int looked = 0, rc, room;

	if (!cmio__lasting_any(records))
		return ops->wait(poll, events, nevents, timeout);
	now = cmio__now();
	room = room_for_looks(records, nevents);
	if (room > 0)
		looked = look(poll, records, ops, now, events, room);
	if (looked < 0 || looked == nevents)
		return looked;
	timeout = looked > 0 ? 0 :
	    cmio__lasting_timeout(records, now, timeout);
	rc = ops->wait(poll, events + looked, nevents - looked, timeout);
	if (looked > 0)
		return rc > 0 ? looked + rc : looked;
	if (rc == 0 && room == 0)
		return look(poll, records, ops, cmio__now(), events, nevents);
	return rc;
}
