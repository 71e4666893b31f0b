/* SPDX-License-Identifier: MIT */
/* errno of the C runtime that the libraries use, for those of another one. */
#include "config.h"

#include <errno.h>

#include "port/api.h"

int
cmio_errno(void)
{
	return errno;
}
