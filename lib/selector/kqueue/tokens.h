/* SPDX-License-Identifier: MIT */
/*
 * The token of each source that may be needed outside of the kernel: an array
 * by descriptor, which only grows.  The lock of the poll is held.
 */
#ifndef CMIO_KQUEUE_TOKENS_H
#define CMIO_KQUEUE_TOKENS_H

#include <stdint.h>

struct tokens {
	uintptr_t	*by_fd;
	int		 room;
};

void		 cmio__tokens_free(struct tokens *tokens);

/* Makes room for the number of an open descriptor: 0 or -ENOMEM. */
int		 cmio__tokens_reserve(struct tokens *tokens, int fd);

static inline void
cmio__tokens_set(struct tokens *tokens, int fd, uintptr_t token)
{
	if (fd < tokens->room)
		tokens->by_fd[fd] = token;
}

/* 0 if there is none. */
static inline uintptr_t
cmio__tokens_get(const struct tokens *tokens, int fd)
{
	return fd < tokens->room ? tokens->by_fd[fd] : 0;
}

#endif
