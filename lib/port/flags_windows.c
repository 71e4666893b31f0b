/* SPDX-License-Identifier: MIT */
/* The flags of flags.h, of a socket and of its handle. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include "port/error_windows.h"
#include "port/flags.h"

int
cmio__set_nonblocking(cmio_fd fd, int on)
{
	u_long value = on != 0;

	return ioctlsocket(fd, FIONBIO, &value) == SOCKET_ERROR ?
	    cmio__socket_error(fd) : 0;
}

int
cmio__set_cloexec(cmio_fd fd)
{
	return SetHandleInformation((HANDLE)fd, HANDLE_FLAG_INHERIT, 0) ?
	    0 : cmio__last_error();
}

int
cmio__set_flags(cmio_fd fd)
{
	int rc;

	rc = cmio__set_cloexec(fd);
	return rc == 0 ? cmio__set_nonblocking(fd, 1) : rc;
}
