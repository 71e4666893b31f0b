/* SPDX-License-Identifier: MIT */
/* cmio__accept_plain() of accept.h: accept(2), then the flags. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "port/accept.h"
#include "port/close.h"
#include "port/flags.h"
#include "port/nosigpipe.h"

/*
 * If a connection was reset in the queue, macOS returns a socket whose peer
 * address has length 0; other systems fail with ECONNABORTED.
 */
static bool
aborted(int fd, socklen_t peer_len)
{
	struct sockaddr_storage own = { 0 };
	socklen_t len = sizeof(own);

	return peer_len == 0 && (getsockname(fd, (struct sockaddr *)&own,
	    &len) == -1 || own.ss_family != AF_UNIX);
}

int
cmio__accept_plain(int fd, struct sockaddr_storage *peer, socklen_t *len,
    cmio_fd *out)
{
	int accepted, rc;

	accepted = accept(fd, (struct sockaddr *)peer, len);
	if (accepted == -1)
		return -errno;
	rc = cmio__set_flags(accepted);
	if (rc == 0 && peer != NULL && aborted(accepted, *len))
		rc = -ECONNABORTED;
	if (rc != 0) {
		cmio__close_fd(accepted);
		return rc;
	}
	cmio__nosigpipe(accepted);
	*out = accepted;
	return 0;
}
