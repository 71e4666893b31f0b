/* SPDX-License-Identifier: MIT */
/*
 * Accepted sockets that are non-blocking and close-on-exec, and raise no
 * SIGPIPE.
 */
#ifndef CMIO_PORT_ACCEPT_H
#define CMIO_PORT_ACCEPT_H

#include "port/calls.h"

/*
 * The best way that the kernel has, and the one with separate steps.  peer may
 * be NULL; *len may be larger afterwards than before.  Both return 0 or a
 * negative errno number.
 */
int	cmio__accept(cmio_fd fd, struct sockaddr_storage *peer,
	    socklen_t *len, cmio_fd *accepted);
int	cmio__accept_plain(cmio_fd fd, struct sockaddr_storage *peer,
	    socklen_t *len, cmio_fd *accepted);

#endif
