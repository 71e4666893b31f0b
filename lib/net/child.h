/* SPDX-License-Identifier: MIT */
/*
 * How this system makes the end of a child readable; configure picks the
 * file.
 */
#ifndef CMIO_NET_CHILD_H
#define CMIO_NET_CHILD_H

#include "port/api_process.h"

/*
 * child->pid is positive, and the rest is zero.  Opens child->source.fd, and
 * returns 0 or a negative errno number: ECHILD for no child of this process.
 */
int	cmio__child_open(struct cmio_child *child);

/*
 * Reaps it: 0 and *status, or a negative errno number: EAGAIN while it runs,
 * ECHILD after it was reaped elsewhere.  Never called after one of 0 or
 * ECHILD was returned.
 */
int	cmio__child_wait(const struct cmio_child *child, int *status);

#endif
