/* SPDX-License-Identifier: MIT */
/* The question of find_kind.h by Winsock, which knows sockets. */
#include "config.h"

#include <winsock2.h>

#include "port/error_windows.h"
#include "port/find_kind.h"
#include "port/kind.h"

int
cmio__find_kind(cmio_fd fd, unsigned int *kind)
{
	int type = 0, len = sizeof(type);

	if (getsockopt((SOCKET)fd, SOL_SOCKET, SO_TYPE, (char *)&type, &len) !=
	    0)
		return cmio__socket_error(fd);
	*kind = KIND_SOCKET;
	if (type == SOCK_STREAM)
		*kind |= KIND_STREAM;
	return 0;
}
