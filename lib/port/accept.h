/* SPDX-License-Identifier: MIT */
/*
 * Accepted sockets that are non-blocking and close-on-exec, and raise no
 * SIGPIPE.
 */
#ifndef CMIO_PORT_ACCEPT_H
#define CMIO_PORT_ACCEPT_H

#include "port/calls.h"

/*
 * The best way, and one step after the other.  peer may be NULL; *len may
 * come back larger than it was.  Each returns 0 or a negative errno number.
 */
int	cmio__accept(cmio_fd fd, struct sockaddr_storage *peer,
	    socklen_t *len, cmio_fd *accepted);
int	cmio__accept_plain(cmio_fd fd, struct sockaddr_storage *peer,
	    socklen_t *len, cmio_fd *accepted);

#endif
