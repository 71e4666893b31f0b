/* SPDX-License-Identifier: MIT */
/* The set is changed, and events are triggered, while another thread waits. */
#include "harness.h"

#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

struct waiter {
	struct cmio_poll *poll;
	struct cmio_event event;
	int n;
};

static void
wait_for_one(void *arg)
{
	struct waiter *w = arg;

	w->n = cmio_poll_wait(w->poll, &w->event, 1, LONG_TIME);
}

START_TEST(source_registered_during_a_wait_ends_it)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_source source;
	struct task task;
	int fds[2];

	plain_unix_pair(fds);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	add(w.poll, &source, fds[0], 6, W);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.event.token, 6);
	ck_assert_uint_eq(w.event.ready, W);
	removed(w.poll, &source);
	plain_close(fds);
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(source_reregistered_during_a_wait_ends_it)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_source source;
	struct task task;
	int fds[2];

	plain_unix_pair(fds);
	add(w.poll, &source, fds[0], 6, R);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	ck_assert_ok(cmio_reregister(w.poll, &source, 7, R | W));
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.event.token, 7);
	removed(w.poll, &source);
	plain_close(fds);
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(rearm_during_a_wait_lets_the_next_edge_end_it)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_source source;
	struct task task;
	int fds[2];

	plain_pipe(fds);
	add(w.poll, &source, fds[0], 6, R);
	plain_put(fds[1]);
	expect_event(w.poll, 6, R);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	ck_assert_uint_eq(plain_drain(&source), 1);
	plain_put(fds[1]);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.event.token, 6);
	removed(w.poll, &source);
	plain_close(fds);
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(source_removed_during_a_wait_does_not_end_it)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_source source, last;
	struct task task;
	int fds[2], lasts[2];

	plain_pipe(fds);
	plain_pipe(lasts);
	add(w.poll, &source, fds[0], 6, R);
	add(w.poll, &last, lasts[0], 7, R);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	removed(w.poll, &source);
	plain_put(fds[1]);
	plain_put(lasts[1]);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.event.token, 7);
	removed(w.poll, &last);
	plain_close(fds);
	plain_close(lasts);
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(closing_after_deregistering_during_a_wait_shows_the_peer)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_poll *second = open_selector(_i);
	struct cmio_source source, peer, last;
	struct task task;
	int fds[2], lasts[2];

	plain_tcp_pair(fds);
	plain_pipe(lasts);
	add(w.poll, &source, fds[0], 6, R);
	add(w.poll, &last, lasts[0], 7, R);
	add(second, &peer, fds[1], 8, R);
	task_start(&task, wait_for_one, &w);
	give_way(20);
	removed(w.poll, &source);
	close(fds[0]);
	expect_event(second, 8, R | CMIO_READ_CLOSED);
	plain_put(lasts[1]);
	task_join(&task);
	removed(w.poll, &last);
	removed(second, &peer);
	close(fds[1]);
	plain_close(lasts);
	cmio_poll_unref(second);
	cmio_poll_unref(w.poll);
}
END_TEST

START_TEST(references_serve_two_threads)
{
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_poll *handle = cmio_poll_ref(w.poll);
	struct cmio_source source;
	struct task task;
	int fds[2];

	plain_unix_pair(fds);
	task_start(&task, wait_for_one, &w);
	add(handle, &source, fds[0], 6, W);
	cmio_poll_unref(handle);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	removed(w.poll, &source);
	plain_close(fds);
	cmio_poll_unref(w.poll);
}
END_TEST

enum { CHANGERS = 3, TURNS = 2000 };

struct changer {
	struct cmio_poll *poll;
	struct cmio_source source;
	int fds[2];
	uintptr_t token;
	atomic_int *ready;
};

/* Registers and deregisters a source, and in the end makes it ready. */
static void
come_and_go(void *arg)
{
	struct changer *c = arg;
	int i;

	for (i = 0; i < TURNS; i++) {
		add(c->poll, &c->source, c->fds[0], c->token, R);
		ck_assert_ok(cmio_reregister(c->poll, &c->source, c->token,
		    R | CMIO_ONESHOT));
		removed(c->poll, &c->source);
	}
	add(c->poll, &c->source, c->fds[0], c->token, R);
	plain_put(c->fds[1]);
	++*c->ready;
}

START_TEST(three_threads_change_the_set_and_nothing_is_lost)
{
	struct cmio_poll *poll = open_selector(_i);
	struct changer changers[CHANGERS];
	struct task tasks[CHANGERS];
	struct cmio_event event;
	atomic_int ready = 0;
	int i, seen = 0;

	for (i = 0; i < CHANGERS; i++) {
		changers[i] = (struct changer){
			.poll = poll, .token = (uintptr_t)i, .ready = &ready
		};
		plain_pipe(changers[i].fds);
		task_start(&tasks[i], come_and_go, &changers[i]);
	}
	for (i = 0; i < CHANGERS; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 3 *
		    LONG_TIME), 1);
		seen |= 1 << event.token;
	}
	ck_assert_int_eq(seen, (1 << CHANGERS) - 1);
	for (i = 0; i < CHANGERS; i++) {
		task_join(&tasks[i]);
		removed(poll, &changers[i].source);
		plain_close(changers[i].fds);
	}
	expect_nothing(poll);
	cmio_poll_unref(poll);
}
END_TEST

/* More sources than the initial array holds, during a wait. */
START_TEST(set_grows_during_a_wait)
{
	enum { MANY = 20 };
	struct waiter w = { .poll = open_selector(_i) };
	struct cmio_source sources[2 * MANY];
	struct task task;
	int fds[MANY][2], i;

	task_start(&task, wait_for_one, &w);
	for (i = 0; i < MANY; i++) {
		plain_pipe(fds[i]);
		add(w.poll, &sources[i], fds[i][0], (uintptr_t)i, R);
		add(w.poll, &sources[MANY + i], fds[i][1], 100, R);
	}
	plain_put(fds[MANY - 1][1]);
	task_join(&task);
	ck_assert_int_eq(w.n, 1);
	ck_assert_uint_eq(w.event.token, MANY - 1);
	for (i = 0; i < MANY; i++) {
		removed(w.poll, &sources[i]);
		removed(w.poll, &sources[MANY + i]);
		plain_close(fds[i]);
	}
	cmio_poll_unref(w.poll);
}
END_TEST

/* A thread that writes a number, triggers, and waits until it was read. */
struct writer {
	struct cmio_user_event event;
	int number;
	atomic_int seen;
};

static void
write_and_trigger(void *arg)
{
	struct writer *w = arg;
	int i;

	for (i = 1; i <= TURNS; i++) {
		w->number = i;
		ck_assert_int_ge(cmio_user_event_trigger(&w->event), 0);
		while (w->seen < i)
			sched_yield();
	}
}

/*
 * The poll is never asleep, so no wake is made: what a thread wrote before it
 * triggered is seen for the sake of the trigger alone.
 */
START_TEST(busy_poll_sees_what_was_written_before_each_trigger)
{
	struct cmio_poll *poll = open_selector(_i);
	struct writer writers[2] = { 0 };
	struct cmio_event events[3];
	struct task tasks[2];
	int i, n, sum = 0;

	for (i = 0; i < 2; i++) {
		ck_assert_ok(cmio_user_event_add(poll, &writers[i].event,
		    (uintptr_t)i));
		task_start(&tasks[i], write_and_trigger, &writers[i]);
	}
	while (sum < 2 * TURNS) {
		n = cmio_poll_wait(poll, events, 3, 0);
		ck_assert_int_ge(n, 0);
		for (i = 0; i < n; i++, sum++) {
			struct writer *w = &writers[events[i].token];

			ck_assert_int_eq(w->number, w->seen + 1);
			w->seen++;
		}
		if (n == 0)
			sched_yield();
	}
	for (i = 0; i < 2; i++) {
		task_join(&tasks[i]);
		ck_assert_ok(cmio_user_event_remove(&writers[i].event));
	}
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(source_registered_during_a_wait_ends_it),
	EACH_SELECTOR(source_reregistered_during_a_wait_ends_it),
	EACH_SELECTOR(rearm_during_a_wait_lets_the_next_edge_end_it),
	EACH_SELECTOR(source_removed_during_a_wait_does_not_end_it),
	EACH_SELECTOR(closing_after_deregistering_during_a_wait_shows_the_peer),
	EACH_SELECTOR(references_serve_two_threads),
	EACH_SELECTOR(three_threads_change_the_set_and_nothing_is_lost),
	EACH_SELECTOR(set_grows_during_a_wait),
	EACH_SELECTOR(busy_poll_sees_what_was_written_before_each_trigger),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "threads", tests);
}
