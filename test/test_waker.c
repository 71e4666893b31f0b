/* SPDX-License-Identifier: MIT */
/* cmio_waker_new(3). */
#include "harness.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include <cmio/waker.h>

#include "plain.h"

enum { R = CMIO_READABLE };

static struct cmio_waker *
new_waker(struct cmio_poll *poll, uintptr_t token)
{
	struct cmio_waker *waker = cmio_waker_new(poll, token);

	ck_assert_ptr_nonnull(waker);
	return waker;
}

START_TEST(wake_before_a_wait_is_one_readable_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 10);

	expect_nothing(poll);
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	ck_assert_uint_eq(expect_event(poll, 10, R).ready, R);
	expect_nothing(poll);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

static void
wake(void *waker)
{
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
}

START_TEST(wake_from_another_thread_ends_a_wait)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 10);
	struct task task;
	int i;

	for (i = 0; i < 20; i++) {
		task_start(&task, wake, waker);
		expect_event(poll, 10, R);
		task_join(&task);
		expect_nothing(poll);
	}
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(two_threads_one_after_the_other_are_two_events)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 10);
	struct task task;
	int i;

	for (i = 0; i < 2; i++) {
		task_start(&task, wake, waker);
		task_join(&task);
		expect_event(poll, 10, R);
	}
	expect_nothing(poll);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(several_wakers_have_their_own_tokens)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *one = new_waker(poll, 1), *two = new_waker(poll, 2);

	ck_assert_int_eq(cmio_waker_wake(two), 0);
	expect_event(poll, 2, R);
	ck_assert_int_eq(cmio_waker_wake(one), 0);
	expect_event(poll, 1, R);
	cmio_waker_free(one);
	ck_assert_int_eq(cmio_waker_wake(two), 0);
	expect_event(poll, 2, R);
	cmio_waker_free(two);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(waker_outlives_its_poll)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 1);

	cmio_poll_unref(poll);
	ck_assert_errno(cmio_waker_wake(waker), EBADF);
	cmio_waker_free(waker);
}
END_TEST

START_TEST(freed_and_made_again_it_works)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker;
	uintptr_t i;

	for (i = 0; i < 20; i++) {
		waker = new_waker(poll, i);
		ck_assert_int_eq(cmio_waker_wake(waker), 0);
		expect_event(poll, i, R);
		cmio_waker_free(waker);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wake_and_free_leaves_the_poll_alone)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 1), *other;

	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	cmio_waker_free(waker);
	expect_nothing(poll);
	other = new_waker(poll, 2);
	expect_nothing(poll);
	ck_assert_int_eq(cmio_waker_wake(other), 0);
	expect_event(poll, 2, R);
	cmio_waker_free(other);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(waker_without_poll_is_einval)
{
	errno = 0;
	ck_assert_ptr_null(cmio_waker_new(NULL, 1));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_errno(cmio_waker_wake(NULL), EINVAL);
	cmio_waker_free(NULL);
}
END_TEST

/* A pipe of 64 KiB is full after 8192 wakes. */
START_TEST(twenty_thousand_wakes_without_a_wait_do_no_harm)
{
	struct cmio_poll *poll = open_selector(_i), *outer = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 1), *gone;
	int i;

	cmio_poll_fd(poll);
	for (i = 0; i < 20000; i++) {
		gone = new_waker(poll, 2);
		ck_assert_int_eq(cmio_waker_wake(gone), 0);
		cmio_waker_free(gone);
	}
	expect_nothing(poll);
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	expect_event(poll, 1, R);
	cmio_waker_free(waker);
	cmio_poll_unref(outer);
	cmio_poll_unref(poll);
}
END_TEST

static struct cmio_waker *signalled;

static void
wake_in_handler(int number)
{
	(void)number;
	cmio_waker_wake(signalled);
}

START_TEST(signal_handler_may_wake)
{
	struct sigaction action = { .sa_handler = wake_in_handler };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;
	int i;

	signalled = new_waker(poll, 1);
	ck_assert_ok(sigaction(SIGUSR1, &action, NULL));
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(raise(SIGUSR1), 0);
		expect_event(poll, 1, R);
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
	}
	action.sa_handler = SIG_DFL;
	ck_assert_ok(sigaction(SIGUSR1, &action, NULL));
	cmio_waker_free(signalled);
	cmio_poll_unref(poll);
}
END_TEST

struct bombardment {
	pthread_t target;
	atomic_int over, returns;	/* of the target's waits */
};

static void
bombard(void *arg)
{
	struct bombardment *b = arg;
	int before;

	while (!b->over) {
		before = b->returns;
		pthread_kill(b->target, SIGUSR1);
		while (!b->over && b->returns == before)
			give_way(0);
	}
}

/*
 * The handler interrupts the waiter at any point, but once for each return of
 * a wait: on a slow machine the waiter would get no further.
 */
START_TEST(handler_that_interrupts_the_waiter_loses_no_wake)
{
	struct sigaction action = { .sa_handler = wake_in_handler };
	struct bombardment b = { .target = pthread_self() };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;
	struct task task;
	int events = 0, n;

	signalled = new_waker(poll, 1);
	ck_assert_ok(sigaction(SIGUSR1, &action, NULL));
	task_start(&task, bombard, &b);
	while (events < 500) {
		n = cmio_poll_wait(poll, &event, 1, LONG_TIME);
		if (n == -1)
			ck_assert_int_eq(errno, EINTR);
		else {
			ck_assert_int_eq(n, 1);
			events++;
		}
		b.returns++;
	}
	b.over = 1;
	task_join(&task);
	action.sa_handler = SIG_IGN;
	ck_assert_ok(sigaction(SIGUSR1, &action, NULL));
	cmio_waker_free(signalled);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wake_leaves_errno_alone)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = new_waker(poll, 1);

	errno = ENOTTY;
	ck_assert_int_eq(cmio_waker_wake(waker), 0);
	ck_assert_int_eq(errno, ENOTTY);
	expect_event(poll, 1, R);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

/*
 * One thread writes a plain number and wakes; the other reads it after the
 * event.  A thread sanitizer checks the order.
 */
struct exchange {
	struct cmio_poll *poll;
	struct cmio_waker *there, *back;
	struct cmio_poll *back_poll;
	int number;
};

enum { TURNS = 1000 };

static void
answer(void *arg)
{
	struct exchange *x = arg;
	int i;

	for (i = 0; i < TURNS; i++) {
		expect_event(x->back_poll, 1, R);
		x->number++;
		ck_assert_int_eq(cmio_waker_wake(x->there), 0);
	}
}

START_TEST(what_was_written_before_a_wake_is_seen_after_it)
{
	struct exchange x = { .poll = open_selector(_i), .number = 0 };
	struct task task;
	int i;

	x.back_poll = open_selector(_i);
	x.there = new_waker(x.poll, 2);
	x.back = new_waker(x.back_poll, 1);
	task_start(&task, answer, &x);
	for (i = 0; i < TURNS; i++) {
		ck_assert_int_eq(x.number, i);
		ck_assert_int_eq(cmio_waker_wake(x.back), 0);
		expect_event(x.poll, 2, R);
	}
	ck_assert_int_eq(x.number, TURNS);
	task_join(&task);
	cmio_waker_free(x.there);
	cmio_waker_free(x.back);
	cmio_poll_unref(x.back_poll);
	cmio_poll_unref(x.poll);
}
END_TEST

/*
 * Each wake waits for the answer to the previous one, so a lost wake ends the
 * test.  Meanwhile other threads change the set.
 */
struct stress {
	struct cmio_poll *poll;
	struct cmio_waker *waker;
	atomic_int woken, over;
};

static void
wake_and_wait(void *arg)
{
	struct stress *s = arg;
	int i;

	for (i = 1; i <= TURNS; i++) {
		ck_assert_int_eq(cmio_waker_wake(s->waker), 0);
		while (s->woken < i && !s->over)
			give_way(0);
	}
}

static void
change_the_set(void *arg)
{
	struct stress *s = arg;
	struct cmio_source source;
	struct cmio_waker *other;
	int fds[2];

	plain_pipe(fds);
	while (!s->over) {
		add(s->poll, &source, fds[0], 3, R);
		ck_assert_ok(cmio_reregister(s->poll, &source, 3, R));
		ck_assert_ok(cmio_rearm(&source, R));
		removed(s->poll, &source);
		other = new_waker(s->poll, 4);
		cmio_waker_wake(other);
		cmio_waker_free(other);
	}
	plain_close(fds);
}

static void
survive(struct stress *s)
{
	struct task waking, changing[2];
	struct cmio_event events[2];
	int i, n;

	task_start(&waking, wake_and_wait, s);
	for (i = 0; i < 2; i++)
		task_start(&changing[i], change_the_set, s);
	while (s->woken < TURNS) {
		n = cmio_poll_wait(s->poll, events, 2, LONG_TIME);
		ck_assert_int_gt(n, 0);
		while (n-- > 0)
			if (events[n].token == 1)
				s->woken++;
	}
	s->over = 1;
	task_join(&waking);
	for (i = 0; i < 2; i++)
		task_join(&changing[i]);
}

START_TEST(no_wake_is_lost_while_the_set_changes)
{
	struct stress s = { .poll = open_selector(_i) };

	s.waker = new_waker(s.poll, 1);
	survive(&s);
	cmio_waker_free(s.waker);
	cmio_poll_unref(s.poll);
}
END_TEST

START_TEST(no_wake_is_lost_once_the_descriptor_was_given)
{
	struct stress s = { .poll = open_selector(_i) };

	cmio_poll_fd(s.poll);
	s.waker = new_waker(s.poll, 1);
	survive(&s);
	cmio_waker_free(s.waker);
	cmio_poll_unref(s.poll);
}
END_TEST

/* The owner sleeps in the outer poll; waits on the inner one have timeout 0. */
START_TEST(no_wake_of_an_inner_poll_is_lost)
{
	struct stress s = { 0 };
	struct cmio_poll *outer;
	struct cmio_source source;
	struct cmio_event event;
	struct task waking;

	skip_on(_i, "libkqueue", NO_NESTING);
	outer = open_selector(_i);
	s.poll = open_selector(_i);
	s.waker = new_waker(s.poll, 1);
	if (cmio_poll_fd(s.poll) == CMIO_FD_NONE) {
		cmio_waker_free(s.waker);
		cmio_poll_unref(outer);
		cmio_poll_unref(s.poll);
		skip("this selector has no descriptor");
	}
	add(outer, &source, cmio_poll_fd(s.poll), 7, R);
	task_start(&waking, wake_and_wait, &s);
	while (s.woken < TURNS) {
		expect_event(outer, 7, R);
		while (cmio_poll_wait(s.poll, &event, 1, 0) == 1)
			s.woken++;
	}
	task_join(&waking);
	removed(outer, &source);
	cmio_waker_free(s.waker);
	cmio_poll_unref(outer);
	cmio_poll_unref(s.poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(wake_before_a_wait_is_one_readable_event),
	EACH_SELECTOR(wake_from_another_thread_ends_a_wait),
	EACH_SELECTOR(two_threads_one_after_the_other_are_two_events),
	EACH_SELECTOR(several_wakers_have_their_own_tokens),
	EACH_SELECTOR(waker_outlives_its_poll),
	EACH_SELECTOR(freed_and_made_again_it_works),
	EACH_SELECTOR(wake_and_free_leaves_the_poll_alone),
	ONCE(waker_without_poll_is_einval),
	EACH_SELECTOR(twenty_thousand_wakes_without_a_wait_do_no_harm),
	EACH_SELECTOR(signal_handler_may_wake),
	EACH_SELECTOR(handler_that_interrupts_the_waiter_loses_no_wake),
	EACH_SELECTOR(wake_leaves_errno_alone),
	EACH_SELECTOR(what_was_written_before_a_wake_is_seen_after_it),
	EACH_SELECTOR(no_wake_is_lost_while_the_set_changes),
	EACH_SELECTOR(no_wake_is_lost_once_the_descriptor_was_given),
	EACH_SELECTOR(no_wake_of_an_inner_poll_is_lost),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "waker", tests);
}
