/* SPDX-License-Identifier: MIT */
/* What net/peer_cred.h says by LOCAL_PEEREID: NetBSD. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>

#include "net/peer_cred.h"

/* The level of the options of Unix sockets. */
enum { LEVEL = 0 };

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	struct unpcbid peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, LEVEL, LOCAL_PEEREID, &peer, &len) == -1)
		return -errno;
	cred->uid = peer.unp_euid;
	cred->gid = peer.unp_egid;
	cred->pid = peer.unp_pid > 0 ? peer.unp_pid : -1;
	return 0;
}
