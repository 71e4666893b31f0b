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
#define RLIMIT_NOFILE	7

typedef unsigned int rlim_t;
struct rlimit {
	rlim_t	rlim_cur;
	rlim_t	rlim_max;
};

int	getrlimit(int resource, struct rlimit *limit);
int	setrlimit(int resource, const struct rlimit *limit);
int	getrusage(int who, struct rusage *usage);

#endif
