/* SPDX-License-Identifier: MIT */
/* Timeouts and deadlines inside the library: port/clock.h. */
#include "harness.h"

#include <limits.h>

#include "port/clock.h"

START_TEST(milliseconds_are_rounded_up_and_cut)
{
	static const struct {
		int64_t timeout;
		int ms;
	} rows[] = {
		{ -1, -1 }, { 0, 0 }, { 1, 1 }, { MSEC - 1, 1 }, { MSEC, 1 },
		{ MSEC + 1, 2 }, { 1500 * MSEC, 1500 },
		{ INT_MAX * MSEC - 1, INT_MAX }, { INT_MAX * MSEC, INT_MAX },
		{ INT_MAX * MSEC + 1, INT_MAX }, { INT64_MAX, INT_MAX },
		{ INT64_C(4294967296) * MSEC, INT_MAX },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(cmio__timeout_ms(rows[i].timeout),
		    rows[i].ms);
}
END_TEST

START_TEST(timespec_has_seconds_and_less_than_one)
{
	static const struct {
		int64_t timeout, sec, nsec;
	} rows[] = {
		{ 1, 0, 1 }, { 999999999, 0, 999999999 },
		{ 1000000000, 1, 0 }, { 1500000000, 1, 500000000 },
		{ INT64_MAX, INT32_MAX, 854775807 },
	};
	struct timespec ts;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ts = cmio__timespec(rows[i].timeout);
		ck_assert_int_eq(ts.tv_sec, rows[i].sec);
		ck_assert_int_eq(ts.tv_nsec, rows[i].nsec);
	}
}
END_TEST

START_TEST(deadline_is_never_too_early_and_never_wraps)
{
	int64_t now = cmio__now(), deadline;

	ck_assert_int_eq(cmio__deadline(-1), -1);
	ck_assert_int_eq(cmio__deadline(0), 0);
	ck_assert_int_eq(cmio__remaining(-1), -1);
	ck_assert_int_eq(cmio__remaining(0), 0);
	ck_assert_int_eq(cmio__remaining(1), 0);
	ck_assert_int_eq(cmio__deadline(INT64_MAX), INT64_MAX);
	ck_assert_int_gt(cmio__remaining(INT64_MAX), INT64_MAX / 2);
	deadline = cmio__deadline(1000 * MSEC);
	ck_assert_int_ge(deadline, now + 1000 * MSEC);
	ck_assert_int_gt(cmio__remaining(deadline + 1000 * MSEC), 0);
}
END_TEST

static const struct test tests[] = {
	ONCE(milliseconds_are_rounded_up_and_cut),
	ONCE(timespec_has_seconds_and_less_than_one),
	ONCE(deadline_is_never_too_early_and_never_wraps),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "clock", tests);
}
