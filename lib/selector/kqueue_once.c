/* SPDX-License-Identifier: MIT */
/* The table of kqueue_once.h: an array by descriptor, which only grows. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "selector/kqueue_once.h"

enum { FIRST_ROOM = 16 };

void
cmio__once_free(struct once_table *table)
{
	free(table->by_fd);
}

int
cmio__once_reserve(struct once_table *table, int fd)
{
	struct once *by_fd;
	size_t room;

	if (fd < table->room)
		return 0;
	room = (size_t)fd + (size_t)fd / 2 + FIRST_ROOM;
	if (room > INT_MAX || room > SIZE_MAX / sizeof(*by_fd))
		return -ENOMEM;
	by_fd = realloc(table->by_fd, room * sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	memset(by_fd + table->room, 0,
	    (room - (size_t)table->room) * sizeof(*by_fd));
	table->by_fd = by_fd;
	table->room = (int)room;
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
