/* SPDX-License-Identifier: MIT */
/*
 * What happens if another thread acts just before the system's wait, and if a
 * system call fails: the act and the failure are injected.
 */
#include "harness.h"

#include <string.h>
#include <unistd.h>

#include <cmio/net.h>

#include "inject.h"
#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

#define NOT_ONE_CALL	"its wait is not one system call"

static struct cmio_poll *the_poll;
static struct cmio_user_event the_event;

static void
trigger(void)
{
	ck_assert_ok(cmio_user_event_trigger(&the_event));
}

static void
add_and_trigger(void)
{
	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	trigger();
}

static void
remove_event(void)
{
	ck_assert_ok(cmio_user_event_remove(&the_event));
}

static void
add_two_and_remove_one(void)
{
	struct cmio_user_event other;

	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	ck_assert_ok(cmio_user_event_add(the_poll, &other, 3));
	ck_assert_ok(cmio_user_event_trigger(&other));
	ck_assert_ok(cmio_user_event_remove(&other));
	before_wait = trigger;
}

static void
wait_too(void)
{
	struct cmio_event event;

	ck_assert_errno(cmio_poll_wait(the_poll, &event, 1, 0), EBUSY);
	trigger();
}

/* The timeout has no limit, so an event that is lost ends the test. */
static void
sleep_until(uintptr_t token)
{
	struct cmio_event event;

	ck_assert_int_eq(cmio_poll_wait(the_poll, &event, 1, -1), 1);
	ck_assert_uint_eq(event.token, token);
}

START_TEST(trigger_just_before_the_sleep_ends_it)
{
	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	before_wait = trigger;
	sleep_until(2);
	remove_event();
	cmio_poll_unref(the_poll);
}
END_TEST

START_TEST(first_event_just_before_the_sleep_ends_it)
{
	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	before_wait = add_and_trigger;
	sleep_until(2);
	remove_event();
	cmio_poll_unref(the_poll);
}
END_TEST

START_TEST(event_that_came_and_went_before_the_sleep_ends_no_wait)
{
	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	before_wait = add_two_and_remove_one;
	sleep_until(2);
	ck_assert(before_wait == NULL);
	remove_event();
	cmio_poll_unref(the_poll);
}
END_TEST

/* The wait during which the event is removed leaves the poll awake. */
START_TEST(event_after_one_that_went_in_a_wait_ends_the_next)
{
	struct cmio_source source;
	int fds[2];

	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	plain_unix_pair(fds);
	add(the_poll, &source, fds[0], 1, R);
	plain_put(fds[1]);
	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	before_wait = remove_event;
	sleep_until(1);
	before_wait = add_and_trigger;
	sleep_until(2);
	remove_event();
	removed(the_poll, &source);
	plain_close(fds);
	cmio_poll_unref(the_poll);
}
END_TEST

START_TEST(error_of_the_wait_hides_no_triggered_event)
{
	struct cmio_event events[4];

	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	trigger();
	errors[wait_call(_i)] = EINTR;
	ck_assert_int_eq(cmio_poll_wait(the_poll, events, 4, -1), 1);
	ck_assert_int_eq(errors[wait_call(_i)], 0);
	ck_assert_uint_eq(events[0].token, 2);
	remove_event();
	cmio_poll_unref(the_poll);
}
END_TEST

START_TEST(connecting_goes_on_after_an_interruption)
{
	struct cmio_source stream;
	struct cmio_addr addr;

	ck_assert_ok(cmio_addr_parse(&addr, "127.0.0.1:1"));
	errors[CALL_connect] = EINTR;
	ck_assert_ok(cmio_tcp_connect(&stream, &addr));
	ck_assert_int_eq(errors[CALL_connect], 0);
	ck_assert_ok(cmio_close(&stream));
}
END_TEST

/* A selector without edges of its own reports the source again. */
START_TEST(connection_that_is_not_there_yet_is_rearmed)
{
	struct watched w;

	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	watch(&w, _i, plain_unix_pair, W);
	expect_event(w.poll, 1, W);
	errors[CALL_getpeername] = ENOTCONN;
	ck_assert_errno(cmio_finish_connect(&w.source), EINPROGRESS);
	if (!is_epoll(_i))
		expect_event(w.poll, 1, W);
	ck_assert_ok(cmio_finish_connect(&w.source));
	unwatch(&w);
}
END_TEST

/* TCP Fast Open, and the kernel has to connect before it takes the data. */
START_TEST(write_that_has_to_connect_first_is_rearmed)
{
	struct watched w;

	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	watch(&w, _i, plain_unix_pair, W);
	expect_event(w.poll, 1, W);
	errors[CALL_send] = errors[CALL_sendto] = EINPROGRESS;
	ck_assert_errno(cmio_write(&w.source, "a", 1), EINPROGRESS);
	if (!is_epoll(_i))
		expect_event(w.poll, 1, W);
	errors[CALL_send] = errors[CALL_sendto] = 0;
	ck_assert_int_eq(cmio_write(&w.source, "a", 1), 1);
	unwatch(&w);
}
END_TEST

/* poll(2) detects a second waiter. */
START_TEST(second_waiter_leaves_the_first_asleep)
{
	skip_on(_i, "libkqueue", NOT_ONE_CALL);
	the_poll = open_selector(_i);
	if (is_epoll(_i)) {
		cmio_poll_unref(the_poll);
		skip("this selector does not tell a second waiter");
	}
	ck_assert_ok(cmio_user_event_add(the_poll, &the_event, 2));
	before_wait = wait_too;
	sleep_until(2);
	remove_event();
	cmio_poll_unref(the_poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(trigger_just_before_the_sleep_ends_it),
	EACH_SELECTOR(first_event_just_before_the_sleep_ends_it),
	EACH_SELECTOR(event_that_came_and_went_before_the_sleep_ends_no_wait),
	EACH_SELECTOR(event_after_one_that_went_in_a_wait_ends_the_next),
	EACH_SELECTOR(error_of_the_wait_hides_no_triggered_event),
	EACH_SELECTOR(second_waiter_leaves_the_first_asleep),
	EACH_SELECTOR(connection_that_is_not_there_yet_is_rearmed),
	EACH_SELECTOR(write_that_has_to_connect_first_is_rearmed),
	ONCE(connecting_goes_on_after_an_interruption),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "call_races", tests);
}
