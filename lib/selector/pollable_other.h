/* SPDX-License-Identifier: MIT */
/*
 * The part of pollable.h that is about character devices: a terminal can be
 * waited for, /dev/null cannot.
 */
#ifndef CMIO_POLLABLE_DEVICE_H
#define CMIO_POLLABLE_DEVICE_H

/* Returns 0 or a negative errno number. */
int	cmio__pollable_device(int fd);

#endif
