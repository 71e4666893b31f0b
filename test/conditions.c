/* SPDX-License-Identifier: MIT */
#include "conditions.h"

#include <sys/resource.h>

#include "plain.h"

static int64_t
cpu_time(void)
{
	struct rusage usage;

	ck_assert_ok(getrusage(RUSAGE_SELF, &usage));
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
	    INT64_C(1000000000) +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

unsigned int
soon(struct cmio_poll *poll, uintptr_t token)
{
	int64_t end = clock_now() + SOON, left;
	struct cmio_event events[8];
	int i, n;

	while ((left = end - clock_now()) > 0) {
		n = cmio_poll_wait(poll, events, 8, left);
		ck_assert_int_ne(n, -1);
		for (i = 0; i < n; i++)
			if (events[i].token == token)
				return events[i].ready;
	}
	return 0;
}

int
waits_in_300_ms(struct cmio_poll *poll, void (*act)(void *), void *arg)
{
	int64_t end = clock_now() + 300 * MSEC, left, before = cpu_time();
	struct cmio_event events[8];
	int n, count = 0;

	while ((left = end - clock_now()) > 0) {
		n = cmio_poll_wait(poll, events, 8, left);
		ck_assert_int_ne(n, -1);
		if (n > 0)
			count++;
		if (n > 0 && act != NULL)
			act(arg);
		ck_assert_int_lt(count, 1000);
	}
	ck_assert_int_lt(cpu_time() - before, 150 * MSEC);
	return count;
}
