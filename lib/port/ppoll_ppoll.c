/* SPDX-License-Identifier: MIT */
/* cmio__ppoll() of ppoll.h by ppoll(2). */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "port/clock.h"
#include "port/ppoll.h"

int
cmio__ppoll(struct pollfd *fds, nfds_t nfds, int64_t timeout)
{
	struct timespec ts;
	int n;

	if (timeout > 0)
		ts = cmio__timespec(timeout);
	else
		ts = (struct timespec){ 0 };
	n = ppoll(fds, nfds, timeout < 0 ? NULL : &ts, NULL);
	if (n == -1 && (errno == ENOSYS || errno == EPERM))
		n = poll(fds, nfds, cmio__timeout_ms(timeout));
	return n == -1 ? -errno : n;
}
