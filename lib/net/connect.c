/* SPDX-License-Identifier: MIT */
/* Connecting: the call that starts it, and the ones that get the result. */
#include "config.h"

#include <errno.h>

#include "net/deferred.h"
#include "net/net.h"
#include "port/cancel.h"
#include "port/result.h"

/*
 * After EINTR the connection attempt continues.  If the queue of an AF_UNIX
 * listener is full, connect(2) fails with EAGAIN and the attempt has ended: no
 * event will report that there is room.
 */
int
cmio__connect(cmio_fd fd, const struct cmio_addr *peer)
{
	int before = cmio__cancel_off(), rc;

	rc = cmio__sys_connect(fd, (const struct sockaddr *)&peer->ss,
	    peer->len);
	cmio__cancel_restore(before);
	if (rc == 0)
		return 0;
	if (errno == EINPROGRESS || errno == EINTR)
		return 0;
	if (cmio__is_would_block(errno) && peer->ss.ss_family == AF_UNIX)
		return -ENOBUFS;
	return -errno;
}

/* If the socket is registered, a hang-up may have used up its event. */
int
cmio_connect(struct cmio_source *source, const struct cmio_addr *peer)
{
	int rc;

	if (source == NULL || !cmio__addr_ok(peer))
		return cmio__result(-EINVAL);
	rc = cmio__connect(source->fd, peer);
	if (rc == 0)
		cmio__rearm(source, BOTH_DIRECTIONS);
	return cmio__result(rc);
}

int
cmio_take_error(struct cmio_source *source)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__result(cmio__option(source->fd, SOL_SOCKET, SO_ERROR));
}

int
cmio_finish_connect(struct cmio_source *stream)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	int error;

	error = cmio_take_error(stream);
	if (error == -1)
		return -1;
	if (error != 0)
		return cmio__result(-error);
	if (cmio__sys_getpeername(stream->fd, (struct sockaddr *)&ss,
	    &len) == 0)
		return 0;
	if (errno == ENOTCONN) {
		if (cmio__is_deferred(stream->fd))
			return 0;
		cmio__rearm(stream, CMIO_WRITABLE);
		return cmio__result(-EINPROGRESS);
	}
	/* BSD and macOS: it was connected, and has been reset. */
	return cmio__result(errno == EINVAL ? -ECONNRESET : -errno);
}
