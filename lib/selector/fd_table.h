/* SPDX-License-Identifier: MIT */
/*
 * What a selector of Unix knows of each descriptor, by its number: an array
 * of eight bytes a number, which only grows.
 *
 * A program may close a registered descriptor without cmio_deregister().  The
 * kernel then gives its number to another file, and when that is registered
 * too, the older source must not change or remove the younger one.  So a
 * selector that keeps no record of a source counts the registrations of each
 * number: the source has its generation in source->kind, and one that differs
 * from the table's belongs to a source that is out of date.
 *
 * The lock of the poll is held for each of these functions, and kept until
 * the system call that they are about has returned.
 */
#ifndef CMIO_FD_TABLE_H
#define CMIO_FD_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "port/api.h"
#include "port/kind.h"

struct fd_entry {
	union {
		struct record		*record;	/* poll, evport */
		struct {
			uint32_t	 generation;	/* epoll, kqueue */
			uint32_t	 flags;		/* the selector's */
		};
	};
};

struct fd_table {
	struct fd_entry	*entries;
	int		 room;
};

/*
 * Makes room for a number: 0 or -ENOMEM.  New entries are zero.  The number
 * has to be one of an open descriptor, as that bounds the memory.
 */
int	cmio__fd_reserve(struct fd_table *table, int fd);
void	cmio__fd_table_free(struct fd_table *table);

/* The entry of a number, or NULL if none was reserved. */
static inline struct fd_entry *
cmio__fd_find(const struct fd_table *table, int fd)
{
	return fd >= 0 && fd < table->room ? &table->entries[fd] : NULL;
}

/*
 * The source is the one that was registered last under its number.  There is
 * room for it.
 */
void	cmio__fd_register(struct fd_table *table, struct cmio_source *source);

/*
 * The poll has this descriptor for itself: a source that was registered under
 * its number is out of date.
 */
void	cmio__fd_claim(struct fd_table *table, int fd);

/* The entry of a source, or NULL if the source is out of date. */
static inline struct fd_entry *
cmio__fd_current(const struct fd_table *table,
    const struct cmio_source *source)
{
	struct fd_entry *entry = cmio__fd_find(table, source->fd);

	return entry != NULL &&
	    entry->generation == cmio__kind_generation(source) ? entry : NULL;
}

#endif
