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

/* SIO_UDP_NETRESET, which some headers lack. */
#define UDP_NETRESET	_WSAIOW(IOC_VENDOR, 15)

/*
 * A peer that cannot be reached, or not in as many hops, would be reported
 * by the next receive, from whomever that is.  A provider that does not know
 * the options has no such errors.
 */
static void
ignore_resets(SOCKET socket)
{
	static const DWORD codes[] = { SIO_UDP_CONNRESET, UDP_NETRESET };
	BOOL no = FALSE;
	DWORD n;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		WSAIoctl(socket, codes[i], &no, sizeof(no), NULL, 0, &n, NULL,
		    NULL);
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
