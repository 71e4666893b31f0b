/* SPDX-License-Identifier: MIT */
/* The memory of usage.h from Linux's /proc. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "usage.h"

long
memory_used(void)
{
	long pages = 0, size;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}
