/* SPDX-License-Identifier: MIT */
/* The clock of clock.h by clock_gettime(2). */
#include "config.h"

#include <stdint.h>
#include <time.h>

#include "port/clock.h"

int64_t
cmio__now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}
