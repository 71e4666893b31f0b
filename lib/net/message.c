/* SPDX-License-Identifier: MIT */
/* cmio_recvmsg() and cmio_sendmsg(), which Windows does not have. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "net/io.h"
#include "net/net.h"
#include "port/result.h"

ssize_t
cmio_recvmsg(struct cmio_source *source, struct msghdr *msg, int flags)
{
	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	return cmio__end_recv(source, flags, recvmsg(source->fd, msg, flags));
}

ssize_t
cmio_sendmsg(struct cmio_source *source, const struct msghdr *msg, int flags)
{
	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	cmio__before_send(source);
	return cmio__end(source, CMIO_WRITABLE,
	    sendmsg(source->fd, msg, flags | CMIO_SEND_FLAGS));
}
