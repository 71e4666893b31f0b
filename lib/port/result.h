/* SPDX-License-Identifier: MIT */
/*
 * Converts an internal result, a negative errno number, to the public form, -1
 * and errno.
 */
#ifndef CMIO_PORT_RESULT_H
#define CMIO_PORT_RESULT_H

#include <errno.h>

/* Returns rc, or if rc is negative sets errno and returns -1. */
static inline int
cmio__result(int rc)
{
	if (rc < 0) {
		errno = -rc;
		return -1;
	}
	return rc;
}

#endif
