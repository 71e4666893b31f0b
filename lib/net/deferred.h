/* SPDX-License-Identifier: MIT */
/*
 * A connection that is made by the first write: TCP_FASTOPEN_CONNECT of Linux.
 */
#ifndef CMIO_NET_DEFERRED_H
#define CMIO_NET_DEFERRED_H

#include <stdbool.h>

#include "net/net.h"

/*
 * Whether a socket that is not connected, but has begun to be, is ready to be
 * written to.
 */
bool	cmio__is_deferred(cmio_fd fd);

#endif
