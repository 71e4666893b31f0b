/* SPDX-License-Identifier: MIT */
/* Batches by a call for each message: recvmsg(2) and sendmsg(2). */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include "net/datagram_message.h"

/* A socket that blocks does so for the first alone. */
int
cmio__recv_batch(cmio_fd fd, struct cmio_datagrams *entries, int n)
{
	int got, rc;

	for (got = 0; got < n; got++) {
		rc = cmio__recv_message(fd, &entries[got],
		    got == 0 ? 0 : MSG_DONTWAIT);
		if (rc < 0)
			return got > 0 ? got : rc;
	}
	return got;
}

int
cmio__send_batch(cmio_fd fd, const struct piece *pieces, int n)
{
	int rc, sent;

	for (sent = 0; sent < n; sent++) {
		rc = cmio__send_message(fd, &pieces[sent]);
		if (rc < 0)
			return sent > 0 ? sent : rc;
	}
	return sent;
}
