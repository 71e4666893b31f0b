/* SPDX-License-Identifier: MIT */
/*
 * What kevent(2) has found, as events of the caller's.
 */
#ifndef CMIO_KQUEUE_EVENTS_H
#define CMIO_KQUEUE_EVENTS_H

#include "port/api.h"
#include "selector/kqueue/kqueue.h"
#include "selector/kqueue/native.h"

/*
 * Translates n events of the kernel and returns how many are the caller's, or
 * WOKEN if there is none for the caller.
 */
int	cmio__kq_translate(struct kqueue *kq, struct kevent *found, int n,
	    struct cmio_event *events);

#endif
