/* SPDX-License-Identifier: MIT */
/* cmio_poll_wait(3): its timeout. */
#include "harness.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE };

START_TEST(wait_is_never_early)
{
	static const int64_t timeouts[] = {
		1, 999, 50000, 999999, MSEC, MSEC + 1, 5 * MSEC,
		5 * MSEC + 500000, 20 * MSEC
	};
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;
	int64_t before;
	size_t i, turn;

	for (turn = 0; turn < 5; turn++)
		for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
			before = clock_now();
			ck_assert_int_eq(cmio_poll_wait(poll, &event, 1,
			    timeouts[i]), 0);
			ck_assert_int_ge(clock_now() - before, timeouts[i]);
		}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wait_with_user_event_is_never_early)
{
	static const int64_t timeouts[] = { 1, 50000, MSEC, 5 * MSEC + 1 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	struct cmio_event event;
	int64_t before;
	size_t i;

	ck_assert_ok(cmio_user_event_add(poll, &user, 1));
	for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		before = clock_now();
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, timeouts[i]),
		    0);
		ck_assert_int_ge(clock_now() - before, timeouts[i]);
	}
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(zero_only_looks_and_sees_what_is_ready)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader;
	struct cmio_event event;
	int fds[2];

	plain_pipe(fds);
	add(poll, &reader, fds[0], 1, R);
	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
	plain_put(fds[1]);
	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 1);
	ck_assert_uint_eq(event.token, 1);
	removed(poll, &reader);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

struct sleeper {
	struct cmio_poll *poll;
	int64_t timeout;
	int64_t took;
	int n;
};

static void
sleep_once(void *arg)
{
	struct sleeper *s = arg;
	struct cmio_event event;
	int64_t before = clock_now();

	s->n = cmio_poll_wait(s->poll, &event, 1, s->timeout);
	s->took = clock_now() - before;
}

START_TEST(long_timeouts_last_until_something_comes)
{
	static const int64_t timeouts[] = {
		-1, INT64_MAX, INT64_MAX - 1, INT64_MAX / 2,
		INT64_C(2147483647) * MSEC, INT64_C(2147483647) * MSEC + 1,
		INT64_C(2147483648) * MSEC, INT64_C(4294967295) * MSEC,
		INT64_C(4294967296) * MSEC, INT64_C(4294967296) * MSEC + 5,
		INT64_C(2147483648) * 1000 * MSEC,
	};
	struct sleeper sleeper = { .poll = open_selector(_i) };
	struct cmio_source reader;
	struct task task;
	int fds[2];
	size_t i;

	plain_pipe(fds);
	for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		add(sleeper.poll, &reader, fds[0], 1, R);
		sleeper.timeout = timeouts[i];
		task_start(&task, sleep_once, &sleeper);
		give_way(10);
		plain_put(fds[1]);
		task_join(&task);
		ck_assert_int_eq(sleeper.n, 1);
		plain_get(fds[0]);
		removed(sleeper.poll, &reader);
	}
	plain_close(fds);
	cmio_poll_unref(sleeper.poll);
}
END_TEST

/*
 * Other operations on a poll neither end nor prolong its wait.  The disturber
 * continues until the wait has ended; if a disturbance restarted the timeout,
 * the wait would never end.
 */
struct disturber {
	struct sleeper sleeper;
	_Atomic(int) over;
	int fds[2];
	struct cmio_user_event event;
};

static void
sleep_and_say(void *arg)
{
	struct disturber *d = arg;

	sleep_once(&d->sleeper);
	d->over = 1;
}

static void
expect_deadline_kept(struct disturber *d, void (*disturb)(struct disturber *))
{
	struct task task;

	d->sleeper.timeout = 50 * MSEC;
	task_start(&task, sleep_and_say, d);
	while (!d->over) {
		disturb(d);
		give_way(1);
	}
	task_join(&task);
	ck_assert_int_eq(d->sleeper.n, 0);
	ck_assert_int_ge(d->sleeper.took, d->sleeper.timeout);
	ck_assert_int_lt(d->sleeper.took, LONG_TIME);
}

static void
register_and_forget(struct disturber *d)
{
	struct cmio_source source;

	add(d->sleeper.poll, &source, d->fds[0], 1, R);
	ck_assert_ok(cmio_reregister(d->sleeper.poll, &source, 2, R));
	ck_assert_ok(cmio_rearm(&source, R));
	removed(d->sleeper.poll, &source);
}

START_TEST(deadline_holds_while_sources_come_and_go)
{
	struct disturber d = { .sleeper.poll = open_selector(_i) };

	plain_pipe(d.fds);
	expect_deadline_kept(&d, register_and_forget);
	plain_close(d.fds);
	cmio_poll_unref(d.sleeper.poll);
}
END_TEST

START_TEST(deadline_holds_with_a_user_event_too)
{
	struct disturber d = { .sleeper.poll = open_selector(_i) };

	plain_pipe(d.fds);
	ck_assert_ok(cmio_user_event_add(d.sleeper.poll, &d.event, 9));
	expect_deadline_kept(&d, register_and_forget);
	ck_assert_ok(cmio_user_event_remove(&d.event));
	plain_close(d.fds);
	cmio_poll_unref(d.sleeper.poll);
}
END_TEST

static void
trigger_and_take_back(struct disturber *d)
{
	struct cmio_user_event event;

	ck_assert_ok(cmio_user_event_add(d->sleeper.poll, &event, 9));
	/* A removed event is not reported any more. */
	ck_assert_ok(cmio_user_event_remove(&event));
}

START_TEST(deadline_holds_while_user_events_come_and_go)
{
	struct disturber d = { .sleeper.poll = open_selector(_i) };

	expect_deadline_kept(&d, trigger_and_take_back);
	cmio_poll_unref(d.sleeper.poll);
}
END_TEST

static void
do_nothing(int signal)
{
	(void)signal;
}

static void
catch_usr1(void)
{
	struct sigaction action = { .sa_handler = do_nothing };

	ck_assert_ok(sigaction(SIGUSR1, &action, NULL));
}

static void
wait_for_signal(void *arg)
{
	struct disturber *d = arg;
	struct cmio_event event;

	d->sleeper.n = cmio_poll_wait(d->sleeper.poll, &event, 1, LONG_TIME);
	d->sleeper.took = errno;
	d->over = 1;
}

static void
expect_eintr(struct disturber *d)
{
	struct task task;

	catch_usr1();
	task_start(&task, wait_for_signal, d);
	while (!d->over) {
		give_way(5);
		pthread_kill(*(pthread_t *)task.handle, SIGUSR1);
	}
	task_join(&task);
	ck_assert_int_eq(d->sleeper.n, -1);
	ck_assert_int_eq(d->sleeper.took, EINTR);
}

START_TEST(signal_ends_a_wait_with_eintr)
{
	struct disturber d = { .sleeper.poll = open_selector(_i) };

	expect_eintr(&d);
	cmio_poll_unref(d.sleeper.poll);
}
END_TEST

START_TEST(signal_ends_a_wait_with_user_event_with_eintr)
{
	struct disturber d = { .sleeper.poll = open_selector(_i) };
	struct cmio_event event;

	ck_assert_ok(cmio_user_event_add(d.sleeper.poll, &d.event, 9));
	expect_eintr(&d);
	/* No event was lost. */
	ck_assert_ok(cmio_user_event_trigger(&d.event));
	expect_event(d.sleeper.poll, 9, R);
	ck_assert_int_eq(cmio_poll_wait(d.sleeper.poll, &event, 1, 0), 0);
	ck_assert_ok(cmio_user_event_remove(&d.event));
	cmio_poll_unref(d.sleeper.poll);
}
END_TEST

/*
 * The limit is generous, because the machine may be busy: of many waits of 50
 * microseconds at least one is not rounded up to a millisecond.
 */
START_TEST(fifty_microseconds_are_less_than_a_millisecond)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;
	int64_t before, took, best = INT64_MAX;
	int i;

#ifndef HAVE_EPOLL_PWAIT2
	cmio_poll_unref(poll);
	skip("waits are in milliseconds here");
#endif
	for (i = 0; i < 200; i++) {
		before = clock_now();
		cmio_poll_wait(poll, &event, 1, 50000);
		took = clock_now() - before;
		if (took < best)
			best = took;
	}
	cmio_poll_unref(poll);
	if (best >= MSEC)
		skip("this kernel, or valgrind, waits in milliseconds");
	ck_assert_int_ge(best, 50000);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(wait_is_never_early),
	EACH_SELECTOR(wait_with_user_event_is_never_early),
	EACH_SELECTOR(zero_only_looks_and_sees_what_is_ready),
	EACH_SELECTOR(long_timeouts_last_until_something_comes),
	EACH_SELECTOR(deadline_holds_while_sources_come_and_go),
	EACH_SELECTOR(deadline_holds_with_a_user_event_too),
	EACH_SELECTOR(deadline_holds_while_user_events_come_and_go),
	EACH_SELECTOR(signal_ends_a_wait_with_eintr),
	EACH_SELECTOR(signal_ends_a_wait_with_user_event_with_eintr),
	EACH_SELECTOR(fifty_microseconds_are_less_than_a_millisecond),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "timeout", tests);
}
