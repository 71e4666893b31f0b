/* SPDX-License-Identifier: MIT */
/* cmio__ppoll() of ppoll.h by poll(2), with timeouts in milliseconds. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>

#include "port/clock.h"
#include "port/ppoll.h"

int
cmio__ppoll(struct pollfd *fds, nfds_t nfds, int64_t timeout)
{
	int n;

	n = poll(fds, nfds, cmio__timeout_ms(timeout));
	return n == -1 ? -errno : n;
}
