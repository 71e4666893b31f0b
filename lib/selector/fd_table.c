/* SPDX-License-Identifier: MIT */
/* The table of fd_table.h. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "port/api.h"
#include "port/kind.h"
#include "selector/fd_table.h"

/* The table grows by steps: realloc(3) of a large one moves no memory. */
enum { STEP = 64 };

int
cmio__fd_reserve(struct fd_table *table, int fd)
{
	struct fd_entry *entries;
	size_t room;

	if (fd < table->room)
		return 0;
	room = ((size_t)fd / STEP + 1) * STEP;
	if (room > INT_MAX || room > SIZE_MAX / sizeof(*entries))
		return -ENOMEM;
	entries = realloc(table->entries, room * sizeof(*entries));
	if (entries == NULL)
		return -ENOMEM;
	memset(entries + table->room, 0,
	    (room - (size_t)table->room) * sizeof(*entries));
	table->entries = entries;
	table->room = (int)room;
	return 0;
}

void
cmio__fd_table_free(struct fd_table *table)
{
	free(table->entries);
}

void
cmio__fd_register(struct fd_table *table, struct cmio_source *source)
{
	struct fd_entry *entry = &table->entries[source->fd];

	cmio__kind_set_generation(source, entry->generation + 1);
	entry->generation = cmio__kind_generation(source);
	entry->flags = 0;
}

void
cmio__fd_claim(struct fd_table *table, int fd)
{
	struct cmio_source source = CMIO_SOURCE(fd);

	/* Without an entry, no source ever had this number. */
	if (cmio__fd_find(table, fd) != NULL)
		cmio__fd_register(table, &source);
}
