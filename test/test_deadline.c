/* SPDX-License-Identifier: MIT */
/*
 * The deadline of a wait, on a clock and a selector that are modelled here: a
 * selector may return early, and is called again with the time that is left.
 */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/clock.h"
#include "port/lock.h"
#include "selector/selector.h"
#include "selector/user_event.h"

enum { STEP = 30, TIMEOUT = 100 };

static int64_t now;
static int calls, returns;
static int ready_at;		/* the call that brings an event, or 0 */
static int64_t given[10];	/* the timeout of each call */

int64_t
cmio__now(void)
{
	return now;
}

/* Sleeps for STEP, or less.  Nothing wakes a call that does not sleep. */
static int
sleep_less(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	(void)poll;
	(void)events;
	ck_assert_int_ge(nevents, 1);
	ck_assert_int_lt(calls, 10);
	given[calls++] = timeout;
	now += timeout == -1 || timeout > STEP ? STEP : timeout;
	if (calls == ready_at)
		return 1;
	return timeout == 0 && returns == WOKEN ? 0 : returns;
}

static const struct selector_ops ops = {
	.wait = sleep_less,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = cmio__no_op,
};

static int
time_out(int64_t timeout, bool has_event)
{
	struct cmio_poll poll = { .ops = &ops };
	struct cmio_user_event user;
	struct cmio_event event;
	int n;

	now = 1000;
	calls = 0;
	cmio__lock_init(&poll.lock);
	cmio__user_events_init(&poll);
	if (has_event)
		ck_assert_int_eq(cmio__user_events_add(&poll, &user, 1), 0);
	n = cmio_poll_wait(&poll, &event, 1, timeout);
	cmio__lock_destroy(&poll.lock);
	return n;
}

/* The rest of the time each time, to its end and no longer. */
static void
expect_the_whole_time(bool has_event)
{
	int i;

	ck_assert_int_eq(time_out(TIMEOUT, has_event), 0);
	ck_assert_int_eq(now, 1000 + TIMEOUT);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(given[i], TIMEOUT - i * STEP);
}

START_TEST(selector_that_returns_early_is_called_for_the_rest)
{
	returns = 0;
	expect_the_whole_time(_i);
	ck_assert_int_eq(calls, 4);
}
END_TEST

/* A wake may have come in the place of an event: there is one more look. */
START_TEST(wake_for_nothing_does_not_end_a_wait)
{
	returns = WOKEN;
	expect_the_whole_time(_i);
	ck_assert_int_eq(calls, 5);
	ck_assert_int_eq(given[4], 0);
}
END_TEST

START_TEST(wait_for_ever_goes_on_until_there_is_an_event)
{
	returns = 0;
	ready_at = 3;
	ck_assert_int_eq(time_out(-1, _i), 1);
	ck_assert_int_eq(calls, 3);
	ck_assert_int_eq(given[2], -1);
}
END_TEST

START_TEST(look_is_one_call_with_no_time)
{
	returns = 0;
	ck_assert_int_eq(time_out(0, _i), 0);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(given[0], 0);
	ck_assert_int_eq(now, 1000);
}
END_TEST

START_TEST(error_ends_a_wait)
{
	returns = -EINTR;
	ck_assert_int_eq(time_out(-1, _i), -1);
	ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(given[0], -1);
}
END_TEST

int
main(void)
{
	static const TTest *const *const tests[] = {
		&selector_that_returns_early_is_called_for_the_rest,
		&wake_for_nothing_does_not_end_a_wait,
		&wait_for_ever_goes_on_until_there_is_an_event,
		&look_is_one_call_with_no_time,
		&error_ends_a_wait,
	};
	TCase *tcase = tcase_create("deadline");
	Suite *suite = suite_create("deadline");
	SRunner *runner;
	size_t i;
	int failed;

	/* Without a user event, and with one. */
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_loop_test(tcase, *tests[i], 0, 2);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_VERBOSE);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
