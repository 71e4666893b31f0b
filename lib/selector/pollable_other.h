/* SPDX-License-Identifier: MIT */
/*
 * What the kind of a file tells about it differs between systems: a terminal
 * can be waited for, a file on a disk cannot, and some files are regular and
 * can.
 */
#ifndef CMIO_POLLABLE_OTHER_H
#define CMIO_POLLABLE_OTHER_H

#include <sys/types.h>

#include <stdbool.h>

/*
 * Whether the descriptor is one to wait for; mode is what fstat(2) said.
 * Returns 0 or a negative errno number.
 */
int	cmio__pollable_other(int fd, mode_t mode);

/*
 * Whether others that were opened may have the same inode, as a FIFO's, a
 * device's, or that of all descriptors of Linux that have no file.
 */
bool	cmio__pollable_shares(int fd, mode_t mode);

#endif
