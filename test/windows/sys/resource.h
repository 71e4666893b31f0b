/* SPDX-License-Identifier: MIT */
/* See posix.h. */
#ifndef TEST_WINDOWS_RESOURCE_H
#define TEST_WINDOWS_RESOURCE_H

#include "posix.h"

#define RUSAGE_SELF	0

struct rusage {
	struct timeval	ru_utime;
	struct timeval	ru_stime;
};
int	getrusage(int who, struct rusage *usage);

#endif
