/* SPDX-License-Identifier: MIT */
/*
 * Sources with a condition that was reported and may last.
 *
 * poll(2) says that a condition is there, and never that it has come.  So
 * each such source is looked at until the kernel says that its condition has
 * gone: when the next wait begins after the report or after the program has
 * rearmed the source, and then every 50 ms.  A condition can also go and come
 * back between two looks.  One that is known to do so is reported again every
 * 100 ms for as long as it is seen.
 *
 * The lock of the poll is held for all of these.
 */
#ifndef CMIO_LASTING_H
#define CMIO_LASTING_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/record.h"

enum { MOST_LOOKS = 64 };

/* A source that was looked at, and the answer. */
struct look {
	struct record	*record;
	short		 revents;
};

/* The next wait is to look at the source. */
void	cmio__lasting_put(struct records *records, struct record *r);

/* Takes it out if it is here. */
void	cmio__lasting_remove(struct record *r);

/* Whether there are any. */
static inline bool
cmio__lasting_any(const struct records *records)
{
	return records->due != NULL || records->resting != NULL;
}

/*
 * Looks at up to n sources whose time has come, MOST_LOOKS at the most, and
 * takes them out.  Returns how many, or a negative errno number.
 */
int	cmio__lasting_look(struct records *records, int64_t now,
	    struct look *looks, int n);

/*
 * A source was looked at: what has gone, and what is to be reported again,
 * counts as reported no more.
 */
void	cmio__lasting_seen(struct record *r, short revents, int64_t now);

/* Puts it back, to be looked at later. */
void	cmio__lasting_rest(struct records *records, struct record *r,
	    int64_t now);

/* A timeout, cut short for the next look. */
int64_t	cmio__lasting_timeout(const struct records *records, int64_t now,
	    int64_t timeout);

#endif
