/* SPDX-License-Identifier: MIT */
/* Options of sockets that Windows alone has. */
#include "config.h"

#include <winsock2.h>

#include "net/net.h"
#include "net/option.h"
#include "port/api_windows.h"

int
cmio_set_exclusiveaddruse(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, on);
}

int
cmio_exclusiveaddruse(const struct cmio_source *source)
{
	return cmio__flag(source, SOL_SOCKET, SO_EXCLUSIVEADDRUSE);
}
