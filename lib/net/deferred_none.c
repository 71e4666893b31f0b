/* SPDX-License-Identifier: MIT */
/* deferred.h for systems without TCP_FASTOPEN_CONNECT. */
#include "config.h"

#include "net/deferred.h"

bool
cmio__is_deferred(cmio_fd fd)
{
	(void)fd;
	return false;
}
