/* SPDX-License-Identifier: MIT */
/* cmio__accept() of accept.h without accept4(2): macOS. */
#include "config.h"

#include "port/accept.h"

int
cmio__accept(int fd, struct sockaddr_storage *peer, socklen_t *len,
    cmio_fd *accepted)
{
	return cmio__accept_plain(fd, peer, len, accepted);
}
