/* SPDX-License-Identifier: MIT */
/* cmio_user_event_add(3) and the related functions. */
#include "harness.h"

#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE };

START_TEST(triggered_event_is_readable_once)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;

	ck_assert_ok(cmio_user_event_add(poll, &user, 7));
	expect_nothing(poll);
	ck_assert_ok(cmio_user_event_trigger(&user));
	ck_assert_uint_eq(expect_event(poll, 7, R).ready, R);
	expect_nothing(poll);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(many_triggers_before_a_wait_are_one_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	int i;

	ck_assert_ok(cmio_user_event_add(poll, &user, 7));
	for (i = 0; i < 100; i++)
		ck_assert_ok(cmio_user_event_trigger(&user));
	expect_event(poll, 7, R);
	expect_nothing(poll);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(look_without_waiting_finds_the_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	struct cmio_event event;
	int i;

	ck_assert_ok(cmio_user_event_add(poll, &user, 7));
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
		ck_assert_ok(cmio_user_event_trigger(&user));
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 1);
		ck_assert_uint_eq(event.token, 7);
	}
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(each_event_has_its_own_token)
{
	enum { MANY = 5 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event users[MANY];
	struct cmio_event events[MANY];
	uintptr_t i;
	int n, total = 0, seen = 0;

	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_add(poll, &users[i], i));
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_trigger(&users[i]));
	while (total < MANY) {
		n = cmio_poll_wait(poll, events, MANY, LONG_TIME);
		ck_assert_int_gt(n, 0);
		for (total += n; n > 0; n--)
			seen |= 1 << events[n - 1].token;
	}
	ck_assert_int_eq(seen, (1 << MANY) - 1);
	expect_nothing(poll);
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_remove(&users[i]));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(more_events_than_places_come_in_the_next_waits)
{
	enum { MANY = 5 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event users[MANY];
	struct cmio_event event;
	uintptr_t i;
	int seen = 0;

	for (i = 0; i < MANY; i++) {
		ck_assert_ok(cmio_user_event_add(poll, &users[i], i));
		ck_assert_ok(cmio_user_event_trigger(&users[i]));
	}
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		seen |= 1 << event.token;
	}
	ck_assert_int_eq(seen, (1 << MANY) - 1);
	expect_nothing(poll);
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_remove(&users[i]));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(events_come_in_the_order_in_which_they_were_triggered)
{
	enum { MANY = 5 };
	static const uintptr_t order[MANY] = { 3, 0, 4, 1, 2 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event users[MANY];
	struct cmio_event events[2 * MANY];
	int i;

	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_add(poll, &users[i],
		    (uintptr_t)i));
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_trigger(&users[order[i]]));
	ck_assert_int_eq(cmio_poll_wait(poll, events, 2 * MANY, LONG_TIME),
	    MANY);
	for (i = 0; i < MANY; i++)
		ck_assert_uint_eq(events[i].token, order[i]);
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_remove(&users[i]));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(removed_event_is_not_reported_and_others_are)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event users[3];
	uintptr_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_user_event_add(poll, &users[i], i));
		ck_assert_ok(cmio_user_event_trigger(&users[i]));
	}
	ck_assert_ok(cmio_user_event_remove(&users[1]));
	ck_assert_ok(cmio_user_event_remove(&users[2]));
	expect_event(poll, 0, R);
	expect_nothing(poll);
	ck_assert_ok(cmio_user_event_remove(&users[0]));
	expect_nothing(poll);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(event_may_be_added_again)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	uintptr_t i;

	for (i = 0; i < 20; i++) {
		ck_assert_ok(cmio_user_event_add(poll, &user, i));
		ck_assert_ok(cmio_user_event_trigger(&user));
		if (i % 2 == 0)
			expect_event(poll, i, R);
		ck_assert_ok(cmio_user_event_remove(&user));
		expect_nothing(poll);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(event_that_is_with_no_poll_is_enoent)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;

	ck_assert_ok(cmio_user_event_add(poll, &user, 1));
	ck_assert_ok(cmio_user_event_remove(&user));
	ck_assert_errno(cmio_user_event_trigger(&user), ENOENT);
	ck_assert_errno(cmio_user_event_remove(&user), ENOENT);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(user_event_does_not_starve_a_source)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	struct cmio_source source;
	struct cmio_event events[4];
	int fds[2], i, j, n, room, seen[2];

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R | CMIO_LEVEL);
	ck_assert_ok(cmio_user_event_add(poll, &user, 0));
	for (room = 1; room <= 4; room++) {
		seen[0] = seen[1] = 0;
		for (i = 0; i < 20; i++) {
			ck_assert_ok(cmio_user_event_trigger(&user));
			n = cmio_poll_wait(poll, events, room, LONG_TIME);
			ck_assert_int_ge(n, 1);
			ck_assert_int_le(n, room);
			for (j = 0; j < n; j++)
				seen[events[j].token]++;
		}
		ck_assert_int_ge(seen[0], 5);
		ck_assert_int_ge(seen[1], 5);
	}
	ck_assert_ok(cmio_user_event_remove(&user));
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(many_user_events_leave_a_place_for_sources)
{
	enum { MANY = 6 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event users[MANY];
	struct cmio_source source;
	struct cmio_event events[3];
	int fds[2], i, j, n, turn, seen = 0;

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 99, R | CMIO_LEVEL);
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_add(poll, &users[i],
		    (uintptr_t)i));
	for (turn = 0; turn < 10; turn++) {
		for (i = 0; i < MANY; i++)
			ck_assert_ok(cmio_user_event_trigger(&users[i]));
		n = cmio_poll_wait(poll, events, 3, LONG_TIME);
		for (j = 0; j < n; j++)
			seen += events[j].token == 99;
	}
	ck_assert_int_ge(seen, 5);
	for (i = 0; i < MANY; i++)
		ck_assert_ok(cmio_user_event_remove(&users[i]));
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(trigger_fails_with_ebadf_after_the_last_unref)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;

	ck_assert_ok(cmio_user_event_add(poll, &user, 1));
	ck_assert_ok(cmio_user_event_trigger(&user));
	cmio_poll_unref(poll);
	ck_assert_errno(cmio_user_event_trigger(&user), EBADF);
	ck_assert_ok(cmio_user_event_remove(&user));
}
END_TEST

START_TEST(trigger_shows_outside_once_the_descriptor_was_given)
{
	struct cmio_poll *inner, *outer;
	struct cmio_user_event user, other;
	struct cmio_source source;
	struct cmio_event event;
	int i;

	skip_on(_i, "libkqueue", NO_NESTING);
	inner = open_selector(_i);
	outer = open_selector(_i);
	ck_assert_ok(cmio_user_event_add(inner, &user, 8));
	ck_assert_ok(cmio_user_event_add(inner, &other, 8));
	/* The poll is awake now and needs no wake. */
	ck_assert_int_eq(cmio_poll_wait(inner, &event, 1, 0), 0);
	if (cmio_poll_fd(inner) == CMIO_FD_NONE) {
		ck_assert_ok(cmio_user_event_remove(&user));
		ck_assert_ok(cmio_user_event_remove(&other));
		cmio_poll_unref(outer);
		cmio_poll_unref(inner);
		skip("this selector has no descriptor");
	}
	add(outer, &source, cmio_poll_fd(inner), 7, R);
	for (i = 0; i < 10; i++) {
		ck_assert_ok(cmio_user_event_trigger(&user));
		ck_assert_ok(cmio_user_event_trigger(&other));
		wait_for(outer, 7, R);
		ck_assert_int_eq(cmio_poll_wait(inner, &event, 1, 0), 1);
		/* One event is left, and it is reported. */
		ck_assert_ok(cmio_reregister(outer, &source, 7, R));
		wait_for(outer, 7, R);
		ck_assert_int_eq(cmio_poll_wait(inner, &event, 1, 0), 1);
		while (cmio_poll_wait(inner, &event, 1, 0) != 0)
			;
	}
	removed(outer, &source);
	ck_assert_ok(cmio_user_event_remove(&user));
	ck_assert_ok(cmio_user_event_remove(&other));
	cmio_poll_unref(inner);
	cmio_poll_unref(outer);
}
END_TEST

START_TEST(handing_out_the_descriptor_shows_what_was_triggered)
{
	struct cmio_poll *inner, *outer;
	struct cmio_user_event user;
	struct cmio_source source;
	struct cmio_event event;

	skip_on(_i, "libkqueue", NO_NESTING);
	inner = open_selector(_i);
	outer = open_selector(_i);
	ck_assert_ok(cmio_user_event_add(inner, &user, 8));
	ck_assert_int_eq(cmio_poll_wait(inner, &event, 1, 0), 0);
	ck_assert_ok(cmio_user_event_trigger(&user));
	if (cmio_poll_fd(inner) != CMIO_FD_NONE) {
		add(outer, &source, cmio_poll_fd(inner), 7, R);
		expect_event(outer, 7, R);
		removed(outer, &source);
	}
	expect_event(inner, 8, R);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(inner);
	cmio_poll_unref(outer);
}
END_TEST

struct waiter {
	struct cmio_poll *poll;
	uintptr_t token;
	int n;
};

static void
wait_for_one(void *arg)
{
	struct waiter *w = arg;
	struct cmio_event event;

	w->n = cmio_poll_wait(w->poll, &event, 1, LONG_TIME);
	w->token = w->n == 1 ? event.token : 0;
}

START_TEST(first_event_reaches_a_wait_that_began_without_any)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_user_event user, before;
	struct cmio_event event;
	struct task task;
	int i;

	for (i = 0; i < 20; i++) {
		/* Leaves the poll awake; its removal must correct that. */
		ck_assert_ok(cmio_user_event_add(w.poll, &before, 1));
		ck_assert_ok(cmio_user_event_trigger(&before));
		ck_assert_int_eq(cmio_poll_wait(w.poll, &event, 1, 0), 1);
		ck_assert_ok(cmio_user_event_remove(&before));
		task_start(&task, wait_for_one, &w);
		give_way(1);
		ck_assert_ok(cmio_user_event_add(w.poll, &user, 2));
		ck_assert_ok(cmio_user_event_trigger(&user));
		task_join(&task);
		ck_assert_int_eq(w.n, 1);
		ck_assert_uint_eq(w.token, 2);
		ck_assert_ok(cmio_user_event_remove(&user));
	}
	cmio_poll_unref(w.poll);
}
END_TEST

static void
wait_for_token_2(void *arg)
{
	struct waiter *w = arg;

	do
		wait_for_one(w);
	while (w->n == 1 && w->token != 2);
}

START_TEST(events_that_go_before_they_are_seen_end_no_wait)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_user_event user;
	struct task task;
	int i;

	task_start(&task, wait_for_token_2, &w);
	for (i = 0; i < 1000; i++) {
		ck_assert_ok(cmio_user_event_add(w.poll, &user, 1));
		ck_assert_ok(cmio_user_event_trigger(&user));
		ck_assert_ok(cmio_user_event_remove(&user));
		if (i % 100 == 0)
			give_way(1);
	}
	ck_assert_ok(cmio_user_event_add(w.poll, &user, 2));
	ck_assert_ok(cmio_user_event_trigger(&user));
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.token, 2);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(trigger_says_whether_the_poll_was_asleep)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_user_event user;
	struct cmio_event event;
	struct task task;

	ck_assert_ok(cmio_user_event_add(w.poll, &user, 1));
	ck_assert_int_eq(cmio_poll_wait(w.poll, &event, 1, 0), 0);
	ck_assert_int_eq(cmio_user_event_trigger(&user), 0);
	ck_assert_int_eq(cmio_user_event_trigger(&user), 0);
	expect_event(w.poll, 1, R);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	ck_assert_int_ge(cmio_user_event_trigger(&user), 0);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_ok(cmio_user_event_remove(&user));
	cmio_poll_unref(w.poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(triggered_event_is_readable_once),
	EACH_SELECTOR(many_triggers_before_a_wait_are_one_event),
	EACH_SELECTOR(look_without_waiting_finds_the_event),
	EACH_SELECTOR(each_event_has_its_own_token),
	EACH_SELECTOR(more_events_than_places_come_in_the_next_waits),
	EACH_SELECTOR(events_come_in_the_order_in_which_they_were_triggered),
	EACH_SELECTOR(removed_event_is_not_reported_and_others_are),
	EACH_SELECTOR(event_may_be_added_again),
	EACH_SELECTOR(event_that_is_with_no_poll_is_enoent),
	EACH_SELECTOR(user_event_does_not_starve_a_source),
	EACH_SELECTOR(many_user_events_leave_a_place_for_sources),
	EACH_SELECTOR(trigger_fails_with_ebadf_after_the_last_unref),
	EACH_SELECTOR(trigger_shows_outside_once_the_descriptor_was_given),
	EACH_SELECTOR(handing_out_the_descriptor_shows_what_was_triggered),
	EACH_SELECTOR(first_event_reaches_a_wait_that_began_without_any),
	EACH_SELECTOR(events_that_go_before_they_are_seen_end_no_wait),
	EACH_SELECTOR(trigger_says_whether_the_poll_was_asleep),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "user_event", tests);
}
