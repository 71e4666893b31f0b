/* SPDX-License-Identifier: MIT */
/*
 * The two flags of every descriptor made here, set after the fact where a
 * kernel cannot set them at birth.
 */
#ifndef CMIO_PORT_FLAGS_H
#define CMIO_PORT_FLAGS_H

#include <errno.h>
#include <stdbool.h>

#include "port/api.h"

/* Each returns 0 or a negative errno number. */
int	cmio__set_nonblocking(cmio_fd fd, int on);
int	cmio__set_cloexec(cmio_fd fd);
int	cmio__set_flags(cmio_fd fd);		/* both */

/*
 * Whether this is how a call that takes flags says that it does not know
 * them, or that a sandbox does not know the call.  The plain call that
 * follows finds any other meaning that the number may have.
 */
static inline bool
cmio__flags_refused(int number)
{
	return number == EINVAL || number == ENOSYS || number == EPERM;
}

#endif
