/* SPDX-License-Identifier: MIT */
/*
 * Accepted sockets that are non-blocking and close-on-exec, and raise no
 * SIGPIPE.
 */
#ifndef CMIO_PORT_ACCEPT_H
#define CMIO_PORT_ACCEPT_H

#include <sys/types.h>
#include <sys/socket.h>

/*
 * The best way, and one step after the other.  peer may be NULL; *len may
 * come back larger than it was.  Each returns a descriptor, or a negative
 * errno number.
 */
int	cmio__accept(int fd, struct sockaddr_storage *peer, socklen_t *len);
int	cmio__accept_plain(int fd, struct sockaddr_storage *peer,
	    socklen_t *len);

#endif
