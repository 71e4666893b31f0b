/* SPDX-License-Identifier: MIT */
/*
 * What a selector without edges of its own keeps of each source, and a table
 * of these records by descriptor: poll(2) and event ports.
 *
 * An edge is made by not asking: a direction that was reported is not asked
 * for again before it is rearmed or the source is reregistered.  The lock of
 * the poll is held for every function but the first.
 */
#ifndef CMIO_RECORD_H
#define CMIO_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "selector/pollable.h"
#include "selector/selector.h"

struct record {
	struct registration	base;
	uintptr_t		token;
	int			fd;
	bool			present;	/* in the table */
	short			reported;	/* ends, in poll(2)'s bits */
	struct pollable		file;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;		/* the directions asked for */
};

struct record_table {
	struct record	**by_fd;
	int		  room;
};

/*
 * Makes the record of a source, the first member of a structure of this
 * size, whose other members are zero.  Returns 0 or a negative errno number.
 */
int	cmio__record_new(struct cmio_poll *poll,
	    const struct cmio_source *source, uintptr_t token,
	    unsigned int interest, size_t size, struct record **out);

/*
 * Makes room for the record in the table, and sets *other to the one that
 * has the descriptor's number, or NULL: its file was closed, unless that is
 * the record's own, which is -EEXIST.  Returns 0 or a negative errno number.
 */
int	cmio__record_reserve(struct record_table *table,
	    const struct record *r, struct record **other);

/* Puts the record into the table.  There is room, and the place is free. */
void	cmio__record_enter(struct record_table *table, struct record *r);

/* Takes the record out of the table, if it is there. */
void	cmio__record_leave(struct record_table *table, struct record *r);

/* Begins anew with this token and interest. */
void	cmio__record_set(struct record *r, uintptr_t token,
	    unsigned int interest);

/* Whether the record can be changed, and file is still its file. */
bool	cmio__record_is(const struct record *r, const struct pollable *file);

/*
 * An operation in these directions answered EAGAIN.  Returns whether more is
 * to be asked for now.
 */
bool	cmio__record_rearm(struct record *r, unsigned int directions);

/*
 * What the kernel has found.  Returns whether there is something to report,
 * which is *event then, and counts as reported.
 */
bool	cmio__record_report(struct record *r, short revents,
	    struct cmio_event *event);

#endif
