/* SPDX-License-Identifier: MIT */
/* The array of kqueue/tokens.h. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "selector/kqueue/tokens.h"

/* The array grows by steps. */
enum { STEP = 64 };

void
cmio__tokens_free(struct tokens *tokens)
{
	free(tokens->by_fd);
}

int
cmio__tokens_reserve(struct tokens *tokens, int fd)
{
	uintptr_t *by_fd;
	size_t room;

	if (fd < tokens->room)
		return 0;
	room = ((size_t)fd / STEP + 1) * STEP;
	if (room > INT_MAX || room > SIZE_MAX / sizeof(*by_fd))
		return -ENOMEM;
	by_fd = realloc(tokens->by_fd, room * sizeof(*by_fd));
	if (by_fd == NULL)
		return -ENOMEM;
	memset(by_fd + tokens->room, 0,
	    (room - (size_t)tokens->room) * sizeof(*by_fd));
	tokens->by_fd = by_fd;
	tokens->room = (int)room;
	return 0;
}
