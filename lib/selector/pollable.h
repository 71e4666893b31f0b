/* SPDX-License-Identifier: MIT */
/*
 * Which file a descriptor is, and whether it is one to wait for, which poll(2)
 * does not tell: it calls a regular file ready.
 */
#ifndef CMIO_POLLABLE_H
#define CMIO_POLLABLE_H

#include <sys/types.h>
#include <sys/stat.h>

#include <stdbool.h>

enum { POLLABLE_OTHER, POLLABLE_PIPE, POLLABLE_SOCKET };

struct pollable {
	int	what;		/* one of the above */
	mode_t	mode;
	dev_t	dev;
	ino_t	ino;
};

/*
 * Returns 0 or a negative errno number: EPERM for a file that cannot be
 * waited for, EBADF for no descriptor.
 */
int	cmio__pollable(int fd, struct pollable *file);

/* The same without asking whether it can be waited for. */
int	cmio__pollable_file(int fd, struct pollable *file);

/*
 * Whether the two may be one file, as far as their numbers can tell.  0 tells
 * nothing: NetBSD says it of all pipes and TCP sockets, and of the first Unix
 * socket until it is asked again.
 */
static inline bool
cmio__pollable_same(const struct pollable *a, const struct pollable *b)
{
	return a->ino == 0 || b->ino == 0 ||
	    (a->dev == b->dev && a->ino == b->ino &&
	    (a->mode & S_IFMT) == (b->mode & S_IFMT));
}

/* Whether the descriptor may still be that file. */
bool	cmio__pollable_still(int fd, const struct pollable *file);

/*
 * Whether the file that the descriptor is now is surely that one: no other
 * that is open has its numbers.
 */
bool	cmio__pollable_surely(int fd, const struct pollable *now,
	    const struct pollable *file);

#endif
