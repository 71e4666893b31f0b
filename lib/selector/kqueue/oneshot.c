/* SPDX-License-Identifier: MIT */
/* The table of kqueue/oneshot.h. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "selector/by_fd.h"
#include "selector/kqueue/oneshot.h"

void
cmio__oneshot_free(struct oneshot_table *table)
{
	free(table->by_fd);
}

int
cmio__oneshot_reserve(struct oneshot_table *table, int fd)
{
	struct oneshot *by_fd;

	by_fd = cmio__by_fd_reserve(table->by_fd, &table->room, fd,
	    sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	table->by_fd = by_fd;
	return 0;
}

uintptr_t
cmio__oneshot_generation(struct oneshot_table *table)
{
	if (++table->last == 0)
		table->last = 1;
	return table->last;
}

void
cmio__oneshot_set(struct oneshot_table *table, int fd,
    const struct oneshot *oneshot)
{
	table->by_fd[fd] = *oneshot;
}

void
cmio__oneshot_clear(struct oneshot_table *table, int fd)
{
	if (fd >= 0 && fd < table->room)
		table->by_fd[fd].generation = 0;
}

struct oneshot *
cmio__oneshot_find(const struct oneshot_table *table, uintptr_t fd,
    uintptr_t generation)
{
	if (fd >= (uintptr_t)table->room)
		return NULL;
	return table->by_fd[fd].generation == generation ?
	    &table->by_fd[fd] : NULL;
}
