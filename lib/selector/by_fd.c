/* SPDX-License-Identifier: MIT */
/* The array of by_fd.h. */
#include "config.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "selector/by_fd.h"

enum { FIRST_ROOM = 16 };

void *
cmio__by_fd_reserve(void *by_fd, int *room, int fd, size_t size)
{
	char *array;
	int more;

	if (fd < *room)
		return by_fd;
	more = fd < INT_MAX / 2 ? fd + fd / 2 + FIRST_ROOM : INT_MAX;
	if ((size_t)more > SIZE_MAX / size)
		return NULL;
	array = realloc(by_fd, (size_t)more * size);
	if (array == NULL)
		return NULL;
	memset(array + (size_t)*room * size, 0,
	    (size_t)(more - *room) * size);
	*room = more;
	return array;
}
