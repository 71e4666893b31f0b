/* SPDX-License-Identifier: MIT */
/* cmio_rearm(3). */
#include "harness.h"

#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE, P = CMIO_PRIORITY };

START_TEST(rearm_of_what_is_not_registered_is_0)
{
	struct cmio_source source = CMIO_SOURCE(-1);

	errno = 5;
	ck_assert_int_eq(cmio_rearm(&source, R | W), 0);
	ck_assert_int_eq(errno, 5);
}
END_TEST

START_TEST(rearm_leaves_errno_alone)
{
	struct watched w;

	watch(&w, _i, plain_pipe, R);
	errno = EAGAIN;
	ck_assert_int_eq(cmio_rearm(&w.source, R), 0);
	ck_assert_int_eq(errno, EAGAIN);
	unwatch(&w);
}
END_TEST

START_TEST(rearm_without_a_direction_is_einval)
{
	struct watched w;

	watch(&w, _i, plain_pipe, R);
	ck_assert_errno(cmio_rearm(&w.source, 0), EINVAL);
	ck_assert_errno(cmio_rearm(&w.source, CMIO_ERROR), EINVAL);
	ck_assert_errno(cmio_rearm(&w.source, R | CMIO_LEVEL), EINVAL);
	ck_assert_errno(cmio_rearm(&w.source, R | 0x80000000u), EINVAL);
	ck_assert_errno(cmio_rearm(NULL, R), EINVAL);
	unwatch(&w);
}
END_TEST

START_TEST(directions_outside_the_interest_are_ignored)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, R);
	ck_assert_ok(cmio_rearm(&w.source, W));
	ck_assert_ok(cmio_rearm(&w.source, R | W | P));
	expect_nothing(w.poll);
	plain_put(w.fds[1]);
	ck_assert_uint_eq(expect_event(w.poll, 1, R).ready & R, R);
	unwatch(&w);
}
END_TEST

START_TEST(rearm_of_reading_leaves_writing_alone)
{
	struct watched w;
	int i;

	watch(&w, _i, plain_unix_pair, R | W);
	expect_event(w.poll, 1, W);
	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_rearm(&w.source, R));
		expect_nothing(w.poll);
		plain_put(w.fds[1]);
		expect_event(w.poll, 1, R);
		plain_get(w.fds[0]);
	}
	unwatch(&w);
}
END_TEST

/* As mio's SourceFd does it on the caller's descriptor. */
START_TEST(descriptor_of_ones_own_is_reported_time_after_time)
{
	struct watched w;
	int i;

	watch(&w, _i, plain_tcp_pair, R);
	for (i = 0; i < 100; i++) {
		plain_put(w.fds[1]);
		expect_event(w.poll, 1, R);
		ck_assert_uint_eq(plain_drain(&w.source), 1);
	}
	unwatch(&w);
}
END_TEST

START_TEST(rearm_before_the_event_loses_nothing)
{
	struct watched w;

	watch(&w, _i, plain_pipe, R);
	ck_assert_uint_eq(plain_drain(&w.source), 0);
	plain_put(w.fds[1]);
	ck_assert_ok(cmio_rearm(&w.source, R));
	expect_event(w.poll, 1, R);
	unwatch(&w);
}
END_TEST

/* A reader in a thread that does not wait. */
struct reader {
	struct cmio_source source;
	int fds[2];
	_Atomic(int) go, total;
};

enum { BYTES = 2000 };

static void
read_all(void *arg)
{
	struct reader *r = arg;
	int seen = 0;

	while (r->total < BYTES) {
		while (r->go == seen)
			give_way(0);
		seen = r->go;
		r->total += (int)plain_drain(&r->source);
	}
}

static void
write_all(void *arg)
{
	struct reader *r = arg;
	int i;

	for (i = 0; i < BYTES; i++)
		plain_put(r->fds[1]);
}

START_TEST(edges_are_not_lost_between_waiter_and_reader)
{
	struct cmio_poll *poll = open_selector(_i);
	struct reader r = { .go = 0 };
	struct cmio_event event;
	struct task reading, writing;
	int n;

	plain_pipe(r.fds);
	add(poll, &r.source, r.fds[0], 1, R);
	task_start(&reading, read_all, &r);
	task_start(&writing, write_all, &r);
	while (r.total < BYTES) {
		n = cmio_poll_wait(poll, &event, 1, LONG_TIME / 10);
		if (r.total >= BYTES)
			break;
		ck_assert_int_eq(n, 1);
		r.go++;
		/* The last byte may be read after an event for it. */
		if (r.total < BYTES)
			give_way(0);
	}
	r.go++;
	task_join(&writing);
	task_join(&reading);
	removed(poll, &r.source);
	plain_close(r.fds);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	ONCE(rearm_of_what_is_not_registered_is_0),
	EACH_SELECTOR(rearm_leaves_errno_alone),
	EACH_SELECTOR(rearm_without_a_direction_is_einval),
	EACH_SELECTOR(directions_outside_the_interest_are_ignored),
	EACH_SELECTOR(rearm_of_reading_leaves_writing_alone),
	EACH_SELECTOR(descriptor_of_ones_own_is_reported_time_after_time),
	EACH_SELECTOR(rearm_before_the_event_loses_nothing),
	EACH_SELECTOR(edges_are_not_lost_between_waiter_and_reader),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "rearm", tests);
}
