/* SPDX-License-Identifier: MIT */
/*
 * A kqueue that is itself a source: it is readable while it has an event, and
 * closing its descriptor ends all that it watches.
 */
#ifndef CMIO_NET_QUEUE_H
#define CMIO_NET_QUEUE_H

#include <sys/types.h>
#include <sys/event.h>

/* A new descriptor, or a negative errno number. */
int	cmio__queue_open(void);

/* Each returns 0 or a negative errno number. */
int	cmio__queue_add(int queue, const struct kevent *change);

/*
 * The queue becomes readable within a millisecond: for what has happened
 * before the queue began to watch.
 */
int	cmio__queue_add_timer(int queue);

/* 1 and the next event; 0: there is none; or a negative errno number. */
int	cmio__queue_take(int queue, struct kevent *event);

#endif
