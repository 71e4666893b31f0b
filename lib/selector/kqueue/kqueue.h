/* SPDX-License-Identifier: MIT */
/*
 * A poll of the selector kqueue, for the files in this folder.
 *
 * The kernel holds the filters of each source with its token, or with its
 * generation if the source is oneshot.  The table has the generation and, as
 * flags, the set (bits.h) of each source, by descriptor.  Whoever changes
 * filters holds the lock from the look at the table until the kernel has made
 * the change.
 */
#ifndef CMIO_KQUEUE_H
#define CMIO_KQUEUE_H

#include <stdatomic.h>

#include "port/wakefd.h"
#include "selector/fd_table.h"
#include "selector/kqueue/tokens.h"
#include "selector/selector.h"

struct kqueue {
	struct cmio_poll	base;
	int			kq;
	struct wakefd		wake;		/* without EVFILT_USER */
	atomic_int		wake_fd;	/* its read end, or -1 */
	struct fd_table		table;		/* under base.lock */
	struct tokens		tokens;		/* under base.lock */
	/* Some events cannot be translated without the table. */
	atomic_bool		look_up;
};

#endif
