/* SPDX-License-Identifier: MIT */
/* What net/peer_cred.h says by getpeerucred(3C): illumos, Solaris. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <ucred.h>

#include "net/peer_cred.h"

int
cmio__peer_cred(int fd, struct peer_cred *cred)
{
	ucred_t *peer = NULL;

	if (getpeerucred(fd, &peer) == -1)
		return -errno;
	cred->uid = ucred_geteuid(peer);
	cred->gid = ucred_getegid(peer);
	cred->pid = ucred_getpid(peer);
	ucred_free(peer);
	return 0;
}
