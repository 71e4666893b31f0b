/* SPDX-License-Identifier: MIT */
/*
 * How this system says who is at the other end of a Unix socket; configure
 * picks the file.
 */
#ifndef CMIO_NET_PEER_CRED_H
#define CMIO_NET_PEER_CRED_H

#include <sys/types.h>

struct peer_cred {
	uid_t	uid;
	gid_t	gid;
	pid_t	pid;		/* -1: not known */
};

/* fd is a Unix socket.  Returns 0 or a negative errno number. */
int	cmio__peer_cred(int fd, struct peer_cred *cred);

#endif
