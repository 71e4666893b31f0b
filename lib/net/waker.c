/* SPDX-License-Identifier: MIT */
/*
 * A waker: a user event of libcmio in allocated memory.  It keeps its poll
 * alive, so the two may be freed in any order.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/api_net.h"

struct cmio_waker {
	struct cmio_user_event	event;
};

struct cmio_waker *
cmio_waker_new(struct cmio_poll *poll, uintptr_t token)
{
	struct cmio_waker *waker;
	int error;

	waker = malloc(sizeof(*waker));
	if (waker == NULL)
		return NULL;
	if (cmio_user_event_add(poll, &waker->event, token) == -1) {
		error = errno;
		free(waker);
		errno = error;
		return NULL;
	}
	return waker;
}

int
cmio_waker_wake(struct cmio_waker *waker)
{
	if (waker == NULL) {
		errno = EINVAL;
		return -1;
	}
	return cmio_user_event_trigger(&waker->event) == -1 ? -1 : 0;
}

void
cmio_waker_free(struct cmio_waker *waker)
{
	if (waker == NULL)
		return;
	cmio_user_event_remove(&waker->event);
	free(waker);
}
