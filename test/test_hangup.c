/* SPDX-License-Identifier: MIT */
/* Hang-ups and errors, whatever else a source is registered for. */
#include "harness.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <string.h>
#include <unistd.h>

static int64_t
cpu_time(void)
{
	struct rusage usage;

	ck_assert_ok(getrusage(RUSAGE_SELF, &usage));
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
	    INT64_C(1000000000) +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

/* A hang-up cannot be masked: after the event the descriptor is not polled. */
START_TEST(hang_up_of_a_source_for_priority_only_is_reported_once)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct cmio_event event;
	int64_t before;
	int fds[2];

	ck_assert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	cmio_source_init(&source, fds[0]);
	ck_assert_ok(cmio_register(poll, &source, 1, CMIO_PRIORITY));
	close(fds[1]);
	expect_event(poll, 1, CMIO_READ_CLOSED);
	before = cpu_time();
	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 500 * MSEC), 0);
	ck_assert_int_lt(cpu_time() - before, 250 * MSEC);
	ck_assert_ok(cmio_deregister(poll, &source));
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(hang_up_is_reported_again_and_again_by_level)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2], i;

	ck_assert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	cmio_source_init(&source, fds[0]);
	ck_assert_ok(cmio_register(poll, &source, 1,
	    CMIO_PRIORITY | CMIO_LEVEL));
	close(fds[1]);
	for (i = 0; i < 3; i++)
		expect_event(poll, 1, CMIO_READ_CLOSED);
	ck_assert_ok(cmio_deregister(poll, &source));
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(hang_up_of_a_source_for_priority_only_is_reported_once),
	EACH_SELECTOR(hang_up_is_reported_again_and_again_by_level),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "hangup", tests);
}
