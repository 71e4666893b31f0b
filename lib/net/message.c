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
	ssize_t n;

	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	n = recvmsg(source->fd, msg, flags);
	return cmio__end_recv(source, flags, n,
	    cmio__vector_len(n, msg->msg_iov, (int)msg->msg_iovlen));
}

ssize_t
cmio_sendmsg(struct cmio_source *source, const struct msghdr *msg, int flags)
{
	ssize_t n;

	if (source == NULL || msg == NULL)
		return cmio__result(-EINVAL);
	cmio__before_send(source);
	n = sendmsg(source->fd, msg, flags | CMIO_SEND_FLAGS);
	return cmio__end_moved(source, CMIO_WRITABLE, n,
	    cmio__vector_len(n, msg->msg_iov, (int)msg->msg_iovlen));
}
