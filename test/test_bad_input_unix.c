/* SPDX-License-Identifier: MIT */
/*
 * Like test_bad_input.c, for the functions that only Unix has.  calls.sh checks
 * that no function is missing.
 */
#include "sockets.h"

#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include <cmio/process.h>

static const int numbers[] = { -1, -2, INT_MIN, INT_MAX, 1 << 20 };
enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

/* EBADF, or ENOTSUP on a system without such sources. */
static void
expect_no_source(int rc)
{
	ck_assert_int_eq(rc, -1);
	ck_assert(errno == EBADF || errno == ENOTSUP);
}

START_TEST(signals_need_a_set_and_a_descriptor)
{
	struct cmio_signals signals = { .source = CMIO_SOURCE(-7) };
	sigset_t set;
	int i;

	sigemptyset(&set);
	ck_assert_errno(cmio_signals_open(&signals, &set), EINVAL);
	sigaddset(&set, SIGUSR1);
	ck_assert_errno(cmio_signals_open(NULL, &set), EINVAL);
	ck_assert_errno(cmio_signals_open(&signals, NULL), EINVAL);
	ck_assert_int_eq(signals.source.fd, -7);
	ck_assert_errno(cmio_signals_take(NULL), EINVAL);
	for (i = 0; i < NUMBERS; i++) {
		cmio_source_init(&signals.source, numbers[i]);
		expect_no_source(cmio_signals_take(&signals));
	}
}
END_TEST

START_TEST(child_needs_a_pid_and_a_descriptor)
{
	struct cmio_child child = { .source = CMIO_SOURCE(-7), .pid = 1 };
	int i, status = 5;

	ck_assert_errno(cmio_child_open(NULL, 1), EINVAL);
	ck_assert_errno(cmio_child_open(&child, 0), EINVAL);
	ck_assert_errno(cmio_child_open(&child, -1), EINVAL);
	ck_assert_int_eq(child.source.fd, -7);
	ck_assert_errno(cmio_child_wait(NULL, &status), EINVAL);
	for (i = 0; i < NUMBERS; i++) {
		cmio_source_init(&child.source, numbers[i]);
		expect_no_source(cmio_child_wait(&child, &status));
		ck_assert_int_eq(status, 5);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE(signals_need_a_set_and_a_descriptor),
	ONCE(child_needs_a_pid_and_a_descriptor),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "bad_input_unix", tests);
}
