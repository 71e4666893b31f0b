/* SPDX-License-Identifier: MIT */
/*
 * What net/peer_cred.h says by LOCAL_PEERCRED, with the process: FreeBSD 13.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/ucred.h>
#include <sys/un.h>

#include <errno.h>

#include "net/peer_cred.h"

/* The level of the options of Unix sockets. */
enum { LEVEL = 0 };

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	struct xucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, LEVEL, LOCAL_PEERCRED, &peer, &len) == -1)
		return -errno;
	if (peer.cr_version != XUCRED_VERSION || peer.cr_ngroups < 1)
		return -ENOTSUP;
	cred->uid = peer.cr_uid;
	cred->gid = peer.cr_groups[0];
	cred->pid = peer.cr_pid > 0 ? peer.cr_pid : -1;
	return 0;
}
