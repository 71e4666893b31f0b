/* SPDX-License-Identifier: MIT */
/*
 * What a selector without edges of its own keeps of each source, and a table
 * of these records by descriptor: poll(2) and event ports.
 *
 * An edge is made by not asking: a direction that was reported is not asked
 * for again before it is rearmed or the source is reregistered.  A condition
 * that was reported (a hang-up, an error, a half-close, urgent data) counts
 * as reported until the kernel was seen to say that it has gone; lasting.h
 * has the sources with such a condition.
 *
 * The lock of the poll is held for every function but cmio__record_add().
 */
#ifndef CMIO_RECORD_H
#define CMIO_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "selector/fd_table.h"
#include "selector/pollable.h"
#include "selector/selector.h"

struct record {
	struct registration	base;
	uintptr_t		token;
	int			fd;
	bool			present;	/* in the table */
	short			reported;	/* conditions, as revents */
	struct pollable		file;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;		/* the directions asked for */
	int64_t			reported_at;	/* the last condition */
	struct record		*next;		/* for lasting.h */
	struct record		**link;		/* what points here, or NULL */
};

struct records {
	struct fd_table	 fds;
	struct record	*due;		/* to be looked at by the next wait */
	struct record	*resting;	/* to be looked at later */
	int64_t		 next_look;	/* when, if any is resting */
	bool		 kernel_first;	/* see looks.c */
};

/*
 * Adds a source: makes its record, which is the first member of a structure of
 * this size, and calls insert for it with the lock held.  The other members
 * of the structure are zero.  Returns 0 or a negative errno number, as insert
 * does.
 */
int	cmio__record_add(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int interest, size_t size,
	    int (*insert)(struct cmio_poll *, struct record *));

/*
 * Makes room for the record in the table, and sets *other to the one that
 * has the descriptor's number, or NULL.  The file of that one was closed, or
 * that is not known; if it is certainly open the result is -EEXIST.  Returns 0
 * or a negative errno number.
 */
int	cmio__record_reserve(struct records *records, const struct record *r,
	    struct record **other);

/* Puts the record into the table.  There is room, and the place is free. */
void	cmio__record_enter(struct records *records, struct record *r);

/* Takes the record out of the table, if it is there. */
void	cmio__record_leave(struct records *records, struct record *r);

/* Begins anew with this token and interest. */
void	cmio__record_set(struct record *r, uintptr_t token,
	    unsigned int interest);

/*
 * Whether the record can be changed: 0, or -EBADF or -ENOENT if its file was
 * closed, or another negative errno number if that cannot be found out.
 */
int	cmio__record_check(const struct record *r);

/*
 * An operation in these directions answered EAGAIN.  Returns whether more is
 * to be asked for now, or the next wait is to look at the source.
 */
bool	cmio__record_rearm(struct records *records, struct record *r,
	    unsigned int directions);

/*
 * What the kernel has found.  Returns whether there is something to report,
 * which is *event then, and counts as reported.
 */
bool	cmio__record_report(struct records *records, struct record *r,
	    short revents, struct cmio_event *event);

/* The same of a source that was looked at: see lasting.h. */
bool	cmio__record_looked(struct records *records, struct record *r,
	    short revents, int64_t now, struct cmio_event *event);

#endif
