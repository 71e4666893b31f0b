/* SPDX-License-Identifier: MIT */
/*
 * A new kernel queue that is closed on exec.
 */
#ifndef CMIO_KQUEUE_OPEN_H
#define CMIO_KQUEUE_OPEN_H

/* Returns a descriptor or a negative errno number. */
int	cmio__kqueue_open(void);

#endif
