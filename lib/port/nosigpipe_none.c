/* SPDX-License-Identifier: MIT */
/* For systems without the option of nosigpipe.h, which have the flag. */
#include "config.h"

#include "port/nosigpipe.h"

void
cmio__nosigpipe(cmio_fd fd)
{
	(void)fd;
}
