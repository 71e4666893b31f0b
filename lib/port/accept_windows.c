/* SPDX-License-Identifier: MIT */
/*
 * The socket of accept.h by Winsock, which makes it non-blocking where the
 * listener is, and cannot keep children from inheriting it for a moment.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>

#include "port/accept.h"
#include "port/error_windows.h"
#include "port/flags.h"
#include "port/winsock.h"

/* A connection that was reset in the queue. */
static int
accept_error(cmio_fd fd)
{
	int rc = cmio__socket_error(fd);

	return rc == -ECONNRESET ? -ECONNABORTED : rc;
}

static int
take(cmio_fd fd, struct sockaddr_storage *peer, socklen_t *len,
    cmio_fd *accepted)
{
	SOCKET socket;
	int rc;

	socket = accept(fd, (struct sockaddr *)peer, len);
	if (socket == INVALID_SOCKET)
		return accept_error(fd);
	rc = cmio__set_flags(socket);
	if (rc != 0) {
		closesocket(socket);
		return rc;
	}
	*accepted = socket;
	return 0;
}

int
cmio__accept(cmio_fd fd, struct sockaddr_storage *peer, socklen_t *len,
    cmio_fd *accepted)
{
	int rc;

	rc = cmio__winsock_start();
	if (rc != 0)
		return rc;
	rc = take(fd, peer, len, accepted);
	if (rc != 0)
		cmio__winsock_stop();
	return rc;
}
