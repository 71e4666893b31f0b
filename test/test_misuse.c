/* SPDX-License-Identifier: MIT */
/* Invalid arguments: each is an error, none a crash. */
#include "harness.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE };

START_TEST(null_is_einval)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);
	struct cmio_source source = CMIO_SOURCE(0);
	struct cmio_user_event user;
	struct cmio_event event;

	ck_assert_ptr_nonnull(poll);
	ck_assert_errno(cmio_register(NULL, &source, 1, R), EINVAL);
	ck_assert_errno(cmio_register(poll, NULL, 1, R), EINVAL);
	ck_assert_errno(cmio_reregister(NULL, &source, 1, R), EINVAL);
	ck_assert_errno(cmio_reregister(poll, NULL, 1, R), EINVAL);
	ck_assert_errno(cmio_deregister(poll, NULL), EINVAL);
	ck_assert_errno(cmio_deregister(NULL, NULL), EINVAL);
	ck_assert_errno(cmio_release(NULL), EINVAL);
	ck_assert_errno(cmio_user_event_add(NULL, &user, 1), EINVAL);
	ck_assert_errno(cmio_user_event_add(poll, NULL, 1), EINVAL);
	ck_assert_errno(cmio_user_event_trigger(NULL), EINVAL);
	ck_assert_errno(cmio_user_event_remove(NULL), EINVAL);
	ck_assert_errno(cmio_poll_wait(NULL, &event, 1, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, NULL, 1, 0), EINVAL);
	ck_assert_errno(cmio_poll_fd(NULL), EINVAL);
	errno = 0;
	ck_assert_ptr_null(cmio_poll_ref(NULL));
	ck_assert_int_eq(errno, EINVAL);
	errno = 0;
	ck_assert_ptr_null(cmio_poll_selector(NULL));
	ck_assert_int_eq(errno, EINVAL);
	cmio_poll_unref(poll);
}
END_TEST

static void
expect_einval(struct cmio_poll *poll)
{
	struct cmio_event event;

	ck_assert_errno(cmio_poll_wait(poll, &event, 0, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, -1, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, INT_MIN, -1), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, 1, -2), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, 1, INT64_MIN), EINVAL);
}

START_TEST(wait_for_no_events_or_less_than_for_ever_is_einval)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;

	expect_einval(poll);
	ck_assert_ok(cmio_user_event_add(poll, &user, 1));
	expect_einval(poll);
	ck_assert_ok(cmio_user_event_trigger(&user));
	expect_einval(poll);
	expect_event(poll, 1, R);
	expect_einval(poll);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(array_may_be_longer_than_the_set)
{
	enum { ROOM = 5000 };
	static struct cmio_event events[ROOM];
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R);
	ck_assert_int_eq(cmio_poll_wait(poll, events, ROOM, LONG_TIME), 1);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

static void
wait_long(void *arg)
{
	struct cmio_event event;

	ck_assert_int_eq(cmio_poll_wait(arg, &event, 1, LONG_TIME), 1);
	ck_assert_uint_eq(event.token, 1);
}

/*
 * One thread waits at a time.  If a selector detects a second one, that gets
 * EBUSY and the first is not disturbed.
 */
START_TEST(second_waiter_does_not_take_the_wake_of_the_first)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	struct cmio_event event;
	struct task task;
	int i, n;

	if (strcmp(selector_name(_i), "poll") != 0) {
		cmio_poll_unref(poll);
		skip("this selector does not tell a second waiter");
	}
	ck_assert_ok(cmio_user_event_add(poll, &user, 1));
	task_start(&task, wait_long, poll);
	give_way(20);
	for (i = 0; i < 3; i++) {
		n = cmio_poll_wait(poll, &event, 1, 0);
		if (n == -1)
			ck_assert_int_eq(errno, EBUSY);
		else
			ck_assert_int_eq(n, 0);
	}
	ck_assert_ok(cmio_user_event_trigger(&user));
	task_join(&task);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	ONCE(null_is_einval),
	EACH_SELECTOR(wait_for_no_events_or_less_than_for_ever_is_einval),
	EACH_SELECTOR(array_may_be_longer_than_the_set),
	EACH_SELECTOR(second_waiter_does_not_take_the_wake_of_the_first),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "misuse", tests);
}
