/* SPDX-License-Identifier: MIT */
/*
 * The length field inside a socket address, which BSD systems have.
 */
#ifndef CMIO_PORT_SA_LEN_H
#define CMIO_PORT_SA_LEN_H

#include "port/calls.h"

void	cmio__set_sa_len(struct sockaddr_storage *ss, socklen_t len);

#endif
