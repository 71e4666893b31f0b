/* SPDX-License-Identifier: MIT */
/*
 * What net/peer_cred.h says by getpeereid(3), which does not know the process:
 * DragonFly, FreeBSD before 13, AIX.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <unistd.h>

#include "net/peer_cred.h"

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	if (getpeereid(fd, &cred->uid, &cred->gid) == -1)
		return -errno;
	cred->pid = -1;
	return 0;
}
