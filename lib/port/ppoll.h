/* SPDX-License-Identifier: MIT */
/*
 * poll(2) with a timeout in nanoseconds.
 */
#ifndef CMIO_PORT_PPOLL_H
#define CMIO_PORT_PPOLL_H

#include <poll.h>
#include <stdint.h>

/*
 * Returns the result of poll(2) or a negative errno number.  It may end before
 * a very long timeout has passed: the caller checks its deadline.
 */
int	cmio__ppoll(struct pollfd *fds, nfds_t nfds, int64_t timeout);

#endif
