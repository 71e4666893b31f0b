/* SPDX-License-Identifier: MIT */
/*
 * A poll of the selector kqueue, for the files in this folder.
 */
#ifndef CMIO_KQUEUE_H
#define CMIO_KQUEUE_H

#include <stdatomic.h>

#include "port/wakefd.h"
#include "selector/kqueue/oneshot.h"
#include "selector/recent.h"
#include "selector/selector.h"

struct kqueue {
	struct cmio_poll	base;
	int			kq;
	struct wakefd		wake;		/* without EVFILT_USER */
	atomic_int		wake_fd;	/* its read end, or -1 */
	struct recent		recent;
	struct oneshot_table	oneshot;	/* under base.lock */
};

#endif
