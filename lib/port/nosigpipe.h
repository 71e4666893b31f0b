/* SPDX-License-Identifier: MIT */
/*
 * Sockets that raise no SIGPIPE: by a flag of each send(2) (CMIO_SEND_FLAGS in
 * config.h), by an option of the socket, or by both if the system has both.
 * The option also works for programs that call write(2).
 */
#ifndef CMIO_PORT_NOSIGPIPE_H
#define CMIO_PORT_NOSIGPIPE_H

#include "port/api.h"

/* Sets the option if the system has it; does not change errno. */
void	cmio__nosigpipe(cmio_fd fd);

#endif
