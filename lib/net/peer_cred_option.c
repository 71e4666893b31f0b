/* SPDX-License-Identifier: MIT */
/*
 * What net/peer_cred.h says by SO_PEERCRED: Linux and OpenBSD, which call the
 * structure differently.
 *
 * Linux gives nobody's numbers for a socket without a peer, the listener's own
 * for a listener, and 0 for a process of another PID namespace.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "net/peer_cred.h"

static int
get(int fd, int name, void *value, socklen_t size)
{
	return getsockopt(fd, SOL_SOCKET, name, value, &size) == -1 ?
	    -errno : 0;
}

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	struct CMIO_PEERCRED peer;
	int listens, rc;

	rc = get(fd, SO_ACCEPTCONN, &listens, sizeof(listens));
	if (rc == 0)
		rc = get(fd, SO_PEERCRED, &peer, sizeof(peer));
	if (rc != 0)
		return rc;
	if (listens || peer.uid == (uid_t)-1)
		return -ENOTCONN;
	cred->uid = peer.uid;
	cred->gid = peer.gid;
	cred->pid = peer.pid > 0 ? peer.pid : -1;
	return 0;
}
