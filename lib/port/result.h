/* SPDX-License-Identifier: MIT */
/*
 * The border between the inner form of a result, a negative errno number,
 * and the outer, -1 and errno.
 */
#ifndef CMIO_PORT_RESULT_H
#define CMIO_PORT_RESULT_H

#include <errno.h>

/* Returns rc as it is, or -1 with errno set where rc is negative. */
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
