/* SPDX-License-Identifier: MIT */
/* What descriptors.h says: the count by testing each number. */
#include "config.h"

#include <sys/resource.h>

#include <fcntl.h>

#include "descriptors.h"

enum { HIGHEST = 4096 };

int
open_descriptors(void)
{
	int fd, n = 0;

	for (fd = 0; fd < HIGHEST; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			n++;
	return n;
}

bool
room_for_descriptors(int n)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    (rlim_t)(open_descriptors() + n) <= limit.rlim_cur;
}
