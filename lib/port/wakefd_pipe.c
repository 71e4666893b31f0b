/* SPDX-License-Identifier: MIT */
/* The descriptor of wakefd.h as a pipe. */
#include "config.h"

#include "port/wakefd.h"

int
cmio__wakefd_open(struct wakefd *wakefd)
{
	return cmio__wakefd_pipe(wakefd);
}
