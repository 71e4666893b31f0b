/* SPDX-License-Identifier: MIT */
/* No option of nosigpipe.h: the flag does it alone. */
#include "config.h"

#include "port/nosigpipe.h"

void
cmio__nosigpipe(cmio_fd fd)
{
	(void)fd;
}
