/* SPDX-License-Identifier: MIT */
/*
 * Non-blocking and close-on-exec, for descriptors that the kernel could not
 * create with these flags.
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
 * Whether a call with flags may have failed because the kernel does not
 * support the flags or a sandbox forbids the call.  The number may have other
 * reasons too; then the plain call that follows fails as well.
 */
static inline bool
cmio__flags_refused(int number)
{
	return number == EINVAL || number == ENOSYS || number == EPERM;
}

#endif
