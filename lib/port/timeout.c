/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic with timeouts and deadlines, which never ends early and never
 * overflows.
 */
#include "config.h"

#include <limits.h>
#include <stdint.h>
#include <time.h>

#include "port/clock.h"

int64_t
cmio__deadline(int64_t timeout)
{
	int64_t now;

	if (timeout <= 0)
		return timeout;
	now = cmio__now();
	return timeout > INT64_MAX - now ? INT64_MAX : now + timeout;
}

int64_t
cmio__remaining(int64_t deadline)
{
	int64_t now;

	if (deadline <= 0)
		return deadline;
	now = cmio__now();
	return deadline > now ? deadline - now : 0;
}

int
cmio__timeout_ms(int64_t timeout)
{
	int64_t ms;

	if (timeout < 0)
		return -1;
	ms = timeout / NSEC_PER_MSEC + (timeout % NSEC_PER_MSEC != 0);
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

struct timespec
cmio__timespec(int64_t timeout)
{
	int64_t sec = timeout / NSEC_PER_SEC;
	struct timespec ts;

	ts.tv_sec = (time_t)(sec > INT32_MAX ? INT32_MAX : sec);
	ts.tv_nsec = (long)(timeout % NSEC_PER_SEC);
	return ts;
}
