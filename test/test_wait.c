/* SPDX-License-Identifier: MIT */
/* cmio_poll_wait(3). */
#include "harness.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

START_TEST(byte_in_pipe_makes_reader_readable)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader;
	int fds[2];

	ck_assert_ok(pipe(fds));
	cmio_source_init(&reader, fds[0]);
	ck_assert_ok(cmio_register(poll, &reader, 42, CMIO_READABLE));
	expect_nothing(poll);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	expect_event(poll, 42, CMIO_READABLE);
	ck_assert_ok(cmio_deregister(poll, &reader));
	close(fds[0]);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* epoll(7) refuses an array that would not fit into the address space. */
START_TEST(array_may_be_said_to_be_as_long_as_can_be)
{
	static struct cmio_event events[4096];
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	ck_assert_int_eq(cmio_poll_wait(poll, events, INT_MAX, 0), 0);
	ck_assert_ok(pipe(fds));
	cmio_source_init(&source, fds[1]);
	ck_assert_ok(cmio_register(poll, &source, 1, CMIO_WRITABLE));
	ck_assert_int_eq(cmio_poll_wait(poll, events, INT_MAX, LONG_TIME), 1);
	ck_assert_ok(cmio_deregister(poll, &source));
	close(fds[0]);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

enum { MOST_AT_ONCE = 20 };

/* All of n sources, one with a hang-up, by waits with this timeout. */
static void
expect_all(struct cmio_poll *poll, int n, int64_t timeout)
{
	struct cmio_event events[MOST_AT_ONCE + 2] = { { 0 } };
	unsigned int seen[MOST_AT_ONCE] = { 0 }, expected;
	int i, got, count = 0;

	while (count < n) {
		events[0].token = 77;
		got = cmio_poll_wait(poll, events + 1, n, timeout);
		ck_assert_int_ge(got, timeout == 0 ? 0 : 1);
		ck_assert_uint_eq(events[0].token, 77);
		ck_assert_uint_eq(events[n + 1].token, 0);
		for (i = 1; i <= got; i++) {
			ck_assert_uint_lt(events[i].token, (uintptr_t)n);
			ck_assert_uint_eq(seen[events[i].token], 0);
			seen[events[i].token] = events[i].ready;
			count++;
		}
	}
	for (i = 0; i < n; i++) {
		expected = i == n / 2 ? CMIO_READABLE | CMIO_READ_CLOSED :
		    CMIO_READABLE;
		/* Some kernels report a hang-up for both directions. */
		ck_assert_uint_eq(seen[i] & ~(unsigned int)CMIO_WRITABLE,
		    expected);
	}
}

START_TEST(any_number_of_events_comes_through_any_wait)
{
	static const int64_t timeouts[] = { 0, -1, LONG_TIME };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[MOST_AT_ONCE];
	int fds[MOST_AT_ONCE][2], i, j, n;

	for (n = 1; n <= MOST_AT_ONCE; n++)
		for (j = 0; j < 3; j++) {
			for (i = 0; i < n; i++) {
				plain_pipe(fds[i]);
				plain_put(fds[i][1]);
				if (i == n / 2)
					close(fds[i][1]);
				add(poll, &sources[i], fds[i][0],
				    (uintptr_t)i, CMIO_READABLE);
			}
			expect_all(poll, n, timeouts[j]);
			for (i = 0; i < n; i++) {
				removed(poll, &sources[i]);
				close(fds[i][0]);
				if (i != n / 2)
					close(fds[i][1]);
			}
		}
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(array_may_be_said_to_be_as_long_as_can_be),
	EACH_SELECTOR(byte_in_pipe_makes_reader_readable),
	EACH_SELECTOR(any_number_of_events_comes_through_any_wait),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "wait", tests);
}
