/* SPDX-License-Identifier: MIT */
/*
 * The part of pollable.h that is about neither sockets nor pipes: a terminal
 * can be waited for, a file on a disk cannot.
 */
#ifndef CMIO_POLLABLE_OTHER_H
#define CMIO_POLLABLE_OTHER_H

#include <sys/types.h>

/* mode is what fstat(2) said.  Returns 0 or a negative errno number. */
int	cmio__pollable_other(int fd, mode_t mode);

#endif
