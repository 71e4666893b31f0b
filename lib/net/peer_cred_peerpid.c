/* SPDX-License-Identifier: MIT */
/* What net/peer_cred.h says by getpeereid(3) and LOCAL_PEERPID: macOS. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <unistd.h>

#include "net/peer_cred.h"

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	socklen_t len = sizeof(cred->pid);

	if (getpeereid(fd, &cred->uid, &cred->gid) == -1)
		return -errno;
	if (getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &cred->pid, &len) == -1)
		cred->pid = -1;
	return 0;
}
