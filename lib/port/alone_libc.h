/* SPDX-License-Identifier: MIT */
/* The C library knows how many threads it has started: glibc 2.32. */
#ifndef CMIO_PORT_ALONE_LIBC_H
#define CMIO_PORT_ALONE_LIBC_H

#include <sys/single_threaded.h>

#include <stdbool.h>

static inline bool
cmio__alone(void)
{
	return __libc_single_threaded;
}

#endif
