/* SPDX-License-Identifier: MIT */
/* The table of kqueue/oneshot.h: an array by descriptor, which only grows. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "selector/by_fd.h"
#include "selector/kqueue/oneshot.h"

void
cmio__once_free(struct once_table *table)
{
	free(table->by_fd);
}

int
cmio__once_reserve(struct once_table *table, int fd)
{
	struct once *by_fd;

	by_fd = cmio__by_fd_reserve(table->by_fd, &table->room, fd,
	    sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	table->by_fd = by_fd;
	return 0;
}

uintptr_t
cmio__once_number(struct once_table *table)
{
	if (++table->last == 0)
		table->last = 1;
	return table->last;
}

void
cmio__once_set(struct once_table *table, int fd, const struct once *once)
{
	table->by_fd[fd] = *once;
}

void
cmio__once_clear(struct once_table *table, int fd)
{
	if (fd >= 0 && fd < table->room)
		table->by_fd[fd].number = 0;
}

struct once *
cmio__once_find(const struct once_table *table, uintptr_t fd,
    uintptr_t number)
{
	if (fd >= (uintptr_t)table->room)
		return NULL;
	return table->by_fd[fd].number == number ? &table->by_fd[fd] : NULL;
}
