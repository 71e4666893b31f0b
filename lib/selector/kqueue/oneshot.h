/* SPDX-License-Identifier: MIT */
/*
 * The sources of a kqueue that are to be reported once.
 *
 * The kernel has a filter for each direction, and knows nothing of their
 * belonging together: when one has fired, the others must be silenced.  Some
 * other thread may have reregistered the source meanwhile; so that this is
 * seen, each registration has a number, which the kernel returns with the
 * event, and the token is here.  All of this is under the poll's lock.
 */
#ifndef CMIO_KQUEUE_ONCE_H
#define CMIO_KQUEUE_ONCE_H

#include <stdint.h>

struct once {
	uintptr_t	number;		/* 0: no such source, or it has fired */
	uintptr_t	token;
	unsigned int	filters;
};

struct once_table {
	struct once	*by_fd;
	int		 room;
	uintptr_t	 last;		/* the last number given */
};

void		 cmio__once_free(struct once_table *table);

/* Makes room for fd, so that once_set cannot fail: 0 or -ENOMEM. */
int		 cmio__once_reserve(struct once_table *table, int fd);

/* A number for a new registration. */
uintptr_t	 cmio__once_number(struct once_table *table);

void		 cmio__once_set(struct once_table *table, int fd,
		    const struct once *once);
void		 cmio__once_clear(struct once_table *table, int fd);

/* The registration of this number, or NULL where that is no more. */
struct once	*cmio__once_find(const struct once_table *table,
		    uintptr_t fd, uintptr_t number);

#endif
