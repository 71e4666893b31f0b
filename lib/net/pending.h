/* SPDX-License-Identifier: MIT */
/*
 * Signals that are pending: blocked, and not taken yet.
 */
#ifndef CMIO_NET_PENDING_H
#define CMIO_NET_PENDING_H

#include <stdbool.h>

/*
 * Takes one signal of this number that is pending for the process or for this
 * thread; returns whether there was one.  Never waits if nobody else takes
 * signals of this number at the same time.
 */
bool	cmio__pending_take(int number);

/* Whether the kernel keeps as many signals of this number as were sent. */
bool	cmio__pending_is_queued(int number);

#endif
