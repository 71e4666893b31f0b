/* SPDX-License-Identifier: MIT */
/* The sockets of socket.h by Winsock, each of which keeps it started. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <mswsock.h>

#include <errno.h>
#include <stddef.h>

#include "port/error_windows.h"
#include "port/flags.h"
#include "port/socket.h"
#include "port/winsock.h"

/*
 * An unreachable peer would be reported by the next receive, from whomever
 * that is.  A provider that does not know the option has no such error.
 */
static void
ignore_resets(SOCKET socket)
{
	BOOL no = FALSE;
	DWORD n;

	WSAIoctl(socket, SIO_UDP_CONNRESET, &no, sizeof(no), NULL, 0, &n,
	    NULL, NULL);
}

static int
make(int family, int type, int protocol, cmio_fd *fd)
{
	SOCKET socket;
	int rc;

	socket = WSASocketW(family, type, protocol, NULL, 0,
	    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
	if (socket == INVALID_SOCKET)
		return cmio__last_socket_error();
	rc = cmio__set_nonblocking(socket, 1);
	if (rc != 0) {
		closesocket(socket);
		return rc;
	}
	if (type == SOCK_DGRAM)
		ignore_resets(socket);
	*fd = socket;
	return 0;
}

int
cmio__socket(int family, int type, int protocol, cmio_fd *fd)
{
	int rc;

	rc = cmio__winsock_start();
	if (rc != 0)
		return rc;
	rc = make(family, type, protocol, fd);
	if (rc != 0)
		cmio__winsock_stop();
	return rc;
}

/* There are none here. */
int
cmio__socketpair(int family, int type, cmio_fd fds[2])
{
	(void)family;
	(void)type;
	(void)fds;
	return -EAFNOSUPPORT;
}
