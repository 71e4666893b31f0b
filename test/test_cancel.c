/* SPDX-License-Identifier: MIT */
/*
 * Threads that are cancelled by pthread_cancel(3) inside of cmio: afterwards
 * the poll can be used as before.
 */
#include "harness.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

#define R	CMIO_READABLE

/* What the threads share. */
static struct cmio_poll *the_poll;
static struct cmio_source the_source;
static struct cmio_user_event one, two;

static void *
wait_for_ever(void *unused)
{
	struct cmio_event events[4];

	for (;;)
		cmio_poll_wait(the_poll, events, 4, -1);
	return unused;
}

/* Runs a function in a thread that is cancelled, and waits for its end. */
static void
cancelled(void *(*run)(void *), bool sleeps)
{
	pthread_t thread;
	void *result;

	ck_assert_int_eq(pthread_create(&thread, NULL, run, NULL), 0);
	if (sleeps) {
		give_way(50);
		ck_assert_int_eq(pthread_cancel(thread), 0);
	}
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert(!sleeps || result == PTHREAD_CANCELED);
}

static void
use(int fds[2])
{
	ck_assert_int_ge(cmio_user_event_trigger(&one), 0);
	expect_event(the_poll, 1, R);
	plain_put(fds[1]);
	expect_event(the_poll, 3, R);
	plain_drain(&the_source);
	ck_assert_int_ge(cmio_user_event_trigger(&two), 0);
	expect_event(the_poll, 2, R);
	expect_nothing(the_poll);
}

static void
begin(int selector, int fds[2])
{
	the_poll = open_selector(selector);
	plain_unix_pair(fds);
	add(the_poll, &the_source, fds[0], 3, R);
	ck_assert_ok(cmio_user_event_add(the_poll, &one, 1));
	ck_assert_ok(cmio_user_event_add(the_poll, &two, 2));
}

static void
end(int fds[2])
{
	ck_assert_ok(cmio_user_event_remove(&one));
	ck_assert_ok(cmio_user_event_remove(&two));
	removed(the_poll, &the_source);
	plain_close(fds);
	cmio_poll_unref(the_poll);
}

START_TEST(poll_is_usable_after_its_waiter_was_cancelled)
{
	int fds[2], i;

	begin(_i, fds);
	for (i = 0; i < 3; i++) {
		cancelled(wait_for_ever, true);
		use(fds);
	}
	end(fds);
}
END_TEST

/* What was triggered while the waiter ended is for the next wait. */
START_TEST(trigger_after_a_cancelled_wait_ends_the_next)
{
	struct cmio_event events[4];
	int fds[2];

	begin(_i, fds);
	cancelled(wait_for_ever, true);
	ck_assert_int_ge(cmio_user_event_trigger(&one), 0);
	ck_assert_int_ge(cmio_user_event_trigger(&two), 0);
	ck_assert_int_eq(cmio_poll_wait(the_poll, events, 4, LONG_TIME), 2);
	ck_assert_uint_eq(events[0].token + events[1].token, 3);
	use(fds);
	end(fds);
}
END_TEST

/* A thread with a request to end that no call of cmio may act upon. */
static void *
trigger_while_ending(void *unused)
{
	pthread_cancel(pthread_self());
	cmio_user_event_trigger(&one);
	return unused;
}

static void *
change_while_ending(void *unused)
{
	pthread_cancel(pthread_self());
	cmio_reregister(the_poll, &the_source, 3, R | CMIO_WRITABLE);
	cmio_rearm(&the_source, R);
	return unused;
}

static void *
add_and_remove_while_ending(void *unused)
{
	struct cmio_user_event event;

	pthread_cancel(pthread_self());
	if (cmio_user_event_add(the_poll, &event, 9) == 0) {
		cmio_user_event_trigger(&event);
		cmio_user_event_remove(&event);
	}
	return unused;
}

static void
beside_a_sleeper(int selector, void *(*run)(void *))
{
	struct cmio_event events[4];
	int fds[2];

	begin(selector, fds);
	cancelled(run, false);
	ck_assert_ok(cmio_poll_wait(the_poll, events, 4, A_WHILE));
	ck_assert_ok(cmio_reregister(the_poll, &the_source, 3, R));
	use(fds);
	end(fds);
}

START_TEST(trigger_is_no_cancellation_point)
{
	beside_a_sleeper(_i, trigger_while_ending);
}
END_TEST

START_TEST(changing_a_source_is_no_cancellation_point)
{
	beside_a_sleeper(_i, change_while_ending);
}
END_TEST

START_TEST(adding_a_user_event_is_no_cancellation_point)
{
	beside_a_sleeper(_i, add_and_remove_while_ending);
}
END_TEST

/* Wakes the sleeper from a thread that ends in that call, or would. */
static void
trigger_one(void *unused)
{
	pthread_t thread;

	(void)unused;
	give_way(50);
	if (pthread_create(&thread, NULL, trigger_while_ending, NULL) == 0)
		pthread_join(thread, NULL);
}

START_TEST(sleeper_is_woken_by_a_thread_that_is_cancelled)
{
	struct task task;
	int fds[2];

	begin(_i, fds);
	task_start(&task, trigger_one, NULL);
	expect_event(the_poll, 1, R);
	task_join(&task);
	use(fds);
	end(fds);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(poll_is_usable_after_its_waiter_was_cancelled),
	EACH_SELECTOR(trigger_after_a_cancelled_wait_ends_the_next),
	EACH_SELECTOR(trigger_is_no_cancellation_point),
	EACH_SELECTOR(changing_a_source_is_no_cancellation_point),
	EACH_SELECTOR(adding_a_user_event_is_no_cancellation_point),
	EACH_SELECTOR(sleeper_is_woken_by_a_thread_that_is_cancelled),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "cancel", tests);
}
