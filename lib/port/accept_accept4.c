/* SPDX-License-Identifier: MIT */
/*
 * cmio__accept() of accept.h by accept4(2), or by accept(2) if the kernel is
 * too old or a sandbox refuses accept4(2).
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "port/accept.h"
#include "port/flags.h"
#include "port/nosigpipe.h"

int
cmio__accept(int fd, struct sockaddr_storage *peer, socklen_t *len,
    cmio_fd *out)
{
	int accepted;

	accepted = accept4(fd, (struct sockaddr *)peer, len,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (accepted == -1 && cmio__flags_refused(errno))
		return cmio__accept_plain(fd, peer, len, out);
	if (accepted == -1)
		return -errno;
	cmio__nosigpipe(accepted);
	*out = accepted;
	return 0;
}
