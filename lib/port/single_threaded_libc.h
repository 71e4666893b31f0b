/* SPDX-License-Identifier: MIT */
/* The answer of single_threaded.h by the C library: glibc 2.32. */
#ifndef CMIO_PORT_SINGLE_THREADED_LIBC_H
#define CMIO_PORT_SINGLE_THREADED_LIBC_H

#include <sys/single_threaded.h>

#include <stdbool.h>

static inline bool
cmio__single_threaded(void)
{
	return __libc_single_threaded;
}

#endif
