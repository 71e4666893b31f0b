/* SPDX-License-Identifier: MIT */
/*
 * The two flags of every descriptor made here, set after the fact where a
 * kernel cannot set them at birth.
 */
#ifndef CMIO_PORT_FLAGS_H
#define CMIO_PORT_FLAGS_H

/* Each returns 0 or a negative errno number. */
int	cmio__set_nonblocking(int fd, int on);
int	cmio__set_cloexec(int fd);

#endif
