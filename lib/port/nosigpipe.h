/* SPDX-License-Identifier: MIT */
/*
 * Sockets that raise no SIGPIPE: by a flag of each send(2), CMIO_SEND_FLAGS
 * of config.h, by an option of the socket, or by both where there are both.
 * The option also serves programs that write(2) to the descriptor.
 */
#ifndef CMIO_PORT_NOSIGPIPE_H
#define CMIO_PORT_NOSIGPIPE_H

#include "port/api.h"

/* Sets the option where there is one; leaves errno alone. */
void	cmio__nosigpipe(cmio_fd fd);

#endif
