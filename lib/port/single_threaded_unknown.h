/* SPDX-License-Identifier: MIT */
/* The answer of single_threaded.h if the C library does not know it. */
#ifndef CMIO_PORT_SINGLE_THREADED_UNKNOWN_H
#define CMIO_PORT_SINGLE_THREADED_UNKNOWN_H

#include <stdbool.h>

static inline bool
cmio__single_threaded(void)
{
	return false;
}

#endif
