/* SPDX-License-Identifier: MIT */
/*
 * User events: events with no descriptor behind them.
 *
 * These take polls and events that cmio.c has checked, and return 0, a
 * count, or a negative errno number.
 */
#ifndef CMIO_USER_EVENT_H
#define CMIO_USER_EVENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/selector.h"

void	cmio__user_events_init(struct cmio_poll *poll);
int	cmio__user_events_add(struct cmio_poll *poll,
	    struct cmio_user_event *event, uintptr_t token);
void	cmio__user_events_remove(struct cmio_poll *poll,
	    struct cmio_user_event *event);

/* Returns 1 where the poll was asleep, and has been woken. */
int	cmio__user_events_trigger(struct cmio_poll *poll,
	    struct cmio_user_event *event);

/* The poll's descriptor is watched from outside from now on. */
void	cmio__user_events_expose(struct cmio_poll *poll);

/* NULL: the event is with no poll. */
static inline struct cmio_poll *
cmio__user_event_poll(const struct cmio_user_event *event)
{
	return event->state[0];
}

#endif
