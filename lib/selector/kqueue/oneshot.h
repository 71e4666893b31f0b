/* SPDX-License-Identifier: MIT */
/*
 * The oneshot sources of a kqueue.
 *
 * The kernel has a filter for each direction and does not know that they
 * belong together: when one has fired, cmio disables the others.  Another
 * thread may reregister the source at that moment.  So each registration has
 * a generation, which the kernel returns with the event, and the token is in
 * this table.  All functions are called under the poll's lock.
 */
#ifndef CMIO_KQUEUE_ONESHOT_H
#define CMIO_KQUEUE_ONESHOT_H

#include <stdint.h>

struct oneshot {
	uintptr_t	generation;	/* 0: no such source, or it has fired */
	uintptr_t	token;
	unsigned int	filters;
};

/* An array by descriptor, which only grows. */
struct oneshot_table {
	struct oneshot	*by_fd;
	int		 room;
	uintptr_t	 last;		/* the last generation */
};

void		 cmio__oneshot_free(struct oneshot_table *table);

/* Makes room for fd, so that oneshot_set cannot fail: 0 or -ENOMEM. */
int		 cmio__oneshot_reserve(struct oneshot_table *table, int fd);

/* The generation of a new registration. */
uintptr_t	 cmio__oneshot_generation(struct oneshot_table *table);

void		 cmio__oneshot_set(struct oneshot_table *table, int fd,
		    const struct oneshot *oneshot);
void		 cmio__oneshot_clear(struct oneshot_table *table, int fd);

/* The registration of this generation, or NULL if there is none. */
struct oneshot	*cmio__oneshot_find(const struct oneshot_table *table,
		    uintptr_t fd, uintptr_t generation);

#endif
