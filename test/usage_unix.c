/* SPDX-License-Identifier: MIT */
/* The memory of usage.h from Linux's /proc. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "usage.h"

#ifdef __SANITIZE_ADDRESS__
enum { KEEPS_WHAT_IS_FREED = 1 };
#else
enum { KEEPS_WHAT_IS_FREED = 0 };
#endif

/* Whether all of it is the program's, and not valgrind's or an emulator's. */
static bool
is_its_own(void)
{
	const char *runner = getenv("CMIO_RUNNER");

	return !KEEPS_WHAT_IS_FREED && (runner == NULL || *runner == '\0');
}

long
memory_used(void)
{
	long pages = 0, size;
	FILE *f;

	if (!is_its_own())
		return 0;
	f = fopen("/proc/self/statm", "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}
