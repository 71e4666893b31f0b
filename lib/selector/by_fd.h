/* SPDX-License-Identifier: MIT */
/* What a selector knows of each descriptor: an array, which only grows. */
#ifndef CMIO_BY_FD_H
#define CMIO_BY_FD_H

#include <stddef.h>

/*
 * Makes room in by_fd for fd; *room is how many elements of that size it has
 * room for.  Returns the array, which may have moved, new elements zero, or
 * NULL where there is no memory: it is as it was, then.
 */
void	*cmio__by_fd_reserve(void *by_fd, int *room, int fd, size_t size);

#endif
