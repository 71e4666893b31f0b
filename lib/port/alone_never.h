/* SPDX-License-Identifier: MIT */
/* Nobody knows whether there are other threads. */
#ifndef CMIO_PORT_ALONE_NEVER_H
#define CMIO_PORT_ALONE_NEVER_H

#include <stdbool.h>

static inline bool
cmio__alone(void)
{
	return false;
}

#endif
