/* SPDX-License-Identifier: MIT */
/*
 * Deadlines: times of a monotonic clock, in nanoseconds.
 */
#ifndef CMIO_PORT_CLOCK_H
#define CMIO_PORT_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NSEC_PER_MSEC = 1000000, NSEC_PER_SEC = 1000000000 };

/* Nanoseconds since an unspecified time in the past. */
int64_t	cmio__now(void);

/* When a wait of timeout nanoseconds ends; -1 (never) stays -1. */
int64_t	cmio__deadline(int64_t timeout);

/* The time that is left: 0 if it has passed, -1 for never. */
int64_t	cmio__remaining(int64_t deadline);

/* In milliseconds, rounded up, at most INT_MAX; -1 for never. */
int	cmio__timeout_ms(int64_t timeout);

/* A positive timeout as a timespec; at most 68 years. */
struct timespec	cmio__timespec(int64_t timeout);

#endif
