/* SPDX-License-Identifier: MIT */
/*
 * Sockets that are non-blocking and close-on-exec, and raise no SIGPIPE.
 */
#ifndef CMIO_PORT_SOCKET_H
#define CMIO_PORT_SOCKET_H

#include "port/api.h"

/* The best way that the kernel has.  All return 0 or a negative errno. */
int	cmio__socket(int family, int type, int protocol, cmio_fd *fd);
int	cmio__socketpair(int family, int type, cmio_fd fds[2]);

/* With separate steps, for kernels that have no better way. */
int	cmio__socket_plain(int family, int type, int protocol, cmio_fd *fd);
int	cmio__socketpair_plain(int family, int type, cmio_fd fds[2]);

#endif
