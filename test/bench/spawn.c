/* SPDX-License-Identifier: MIT */
/*
 * How long a program takes from fork to its end: the median of many runs.
 *
 * usage: spawn times program
 */
#include "bench.h"

#include <sys/resource.h>
#include <sys/wait.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	int64_t *times, then, cpu;
	long i, n;

	if (argc != 3)
		errx(1, "usage: spawn times program");
	n = atol(argv[1]);
	times = calloc((size_t)n, sizeof(*times));
	if (times == NULL)
		err(1, "calloc");
	for (i = 0; i < n; i++) {
		then = clock_now(CLOCK_MONOTONIC);
		switch (vfork()) {
		case -1:
			err(1, "vfork");
		case 0:
			execl(argv[2], argv[2], (char *)NULL);
			_exit(127);
		}
		wait(NULL);
		times[i] = clock_now(CLOCK_MONOTONIC) - then;
	}
	getrusage(RUSAGE_CHILDREN, &usage);
	cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
	print_percentiles(times, n);
	printf("ops %ld cpu %lld\n", n, (long long)cpu);
	return 0;
}
