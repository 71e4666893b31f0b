/* SPDX-License-Identifier: MIT */
/*
 * The wait and the list of triggered events, lib/selector/wait.c and
 * user_event.c, run in every order of their atomic steps, on a selector that
 * is modelled here.  No wake may be lost, no trigger be delivered twice, and
 * no thread stand still for a lock.
 */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interleavings/explore.h"
#include "port/clock.h"
#include "selector/selector.h"
#include "selector/user_event.h"

enum { EVENTS = 2, SOURCE = 9, QUEUED = 2 };

/* All that the threads share. */
static struct world {
	struct cmio_poll	poll;
	struct cmio_user_event	events[EVENTS];
	/* The selector. */
	bool			wakes;		/* wake_on was called */
	bool			woken;		/* the descriptor is readable */
	bool			source_ready;	/* for ever */
	int			failures;	/* of wakes to come */
	/* What was done to each event. */
	int			triggered[EVENTS];
	int			delivered[EVENTS];
	int			seen[EVENTS];	/* of triggered */
} w;

/* ---- The selector. */

static int
wake_on(struct cmio_poll *poll)
{
	explore_step("wake_on", poll);
	if (w.wakes)
		explore_fail("wake_on without a wake_off");
	w.wakes = true;
	return 0;
}

static int
wake_off(struct cmio_poll *poll)
{
	explore_step("wake_off", poll);
	if (!w.wakes)
		explore_fail("wake_off without a wake_on");
	w.wakes = false;
	return 0;
}

static int
wake(struct cmio_poll *poll)
{
	explore_step("wake", poll);
	if (!w.wakes)
		explore_fail("a wake outside of wake_on and wake_off");
	if (w.failures > 0) {
		w.failures--;
		explore_note(1);
		return -ENOMEM;
	}
	explore_note(0);
	w.woken = true;
	return 0;
}

static bool
ends_wait(const void *unused)
{
	(void)unused;
	return w.woken || w.source_ready;
}

static int
selector_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	bool woken;

	if (nevents < 1)
		explore_fail("a wait for no events");
	if (timeout == -1)
		explore_block("wait", poll, ends_wait);
	else
		explore_step("look", poll);
	woken = w.woken;
	explore_note(woken);
	w.woken = false;
	if (w.source_ready) {
		events[0] = (struct cmio_event){ .token = SOURCE };
		return 1;
	}
	return woken ? WOKEN : 0;
}

static const struct selector_ops ops = {
	.wait = selector_wait,
	.wake_on = wake_on,
	.wake_off = wake_off,
	.wake = wake,
};

/* Waits are for ever, or just look. */
int64_t
cmio__deadline(int64_t timeout)
{
	return timeout;
}

int64_t
cmio__remaining(int64_t deadline)
{
	return deadline;
}

/* ---- What threads do. */

static void
begin(int events)
{
	int i;

	memset(&w, 0, sizeof(w));
	w.poll.ops = &ops;
	cmio__lock_init(&w.poll.lock);
	cmio__user_events_init(&w.poll);
	for (i = 0; i < events; i++)
		cmio__user_events_add(&w.poll, &w.events[i], (uintptr_t)i);
}

static int
trigger(int i)
{
	w.triggered[i]++;
	return cmio__user_events_trigger(&w.poll, &w.events[i]);
}

static void
deliver(const struct cmio_event *event)
{
	int i = (int)event->token;

	if (event->token == SOURCE)
		return;
	w.delivered[i]++;
	w.seen[i] = w.triggered[i];
	if (w.delivered[i] > w.triggered[i])
		explore_fail("an event is delivered that was not triggered");
}

/* One wait; returns how many events it brought. */
static int
wait_once(int room, int64_t timeout)
{
	struct cmio_event events[EVENTS + 1];
	int i, n;

	n = cmio_poll_wait(&w.poll, events, room, timeout);
	if (n < 0 || n > room || (n == 0 && timeout != 0))
		explore_fail("a wait comes to a wrong number of events");
	for (i = 0; i < n; i++)
		deliver(&events[i]);
	return n;
}

static void
wait_for_ever(void)
{
	for (;;)
		wait_once(EVENTS, -1);
}

static void
wait_for_one_at_a_time(void)
{
	for (;;)
		wait_once(1, -1);
}

static void
wait_three_times_for_one(void)
{
	int i;

	for (i = 0; i < 3; i++)
		wait_once(1, -1);
}

static void
look_once(void)
{
	wait_once(EVENTS, 0);
}

static void
trigger_0(void)
{
	trigger(0);
}

static void
trigger_1(void)
{
	trigger(1);
}

static void
trigger_0_until_it_succeeds(void)
{
	while (trigger(0) < 0)
		continue;
}

static void
trigger_0_and_1(void)
{
	trigger(0);
	trigger(1);
}

static void
trigger_0_twice(void)
{
	trigger(0);
	trigger(0);
}

static void
trigger_1_and_remove_it(void)
{
	trigger(1);
	cmio__user_events_remove(&w.poll, &w.events[1]);
	w.seen[1] = w.triggered[1];
}

static void
remove_0(void)
{
	cmio__user_events_remove(&w.poll, &w.events[0]);
}

static void
add_1_and_trigger_it(void)
{
	cmio__user_events_add(&w.poll, &w.events[1], 1);
	trigger(1);
}

static void
expose(void)
{
	cmio__user_events_expose(&w.poll);
}

/* Somebody who waits for the descriptor, and then looks. */
static bool
is_readable(const void *unused)
{
	(void)unused;
	return w.woken;
}

static void
expose_and_wait_outside(void)
{
	expose();
	for (;;) {
		explore_block("outer wait", &w.poll, is_readable);
		wait_once(EVENTS, 0);
	}
}

/* ---- What must be true in the end. */

static void
nobody_is_stuck(void)
{
	const char *step;
	int i;

	for (i = 0; i < MOST_THREADS; i++) {
		step = explore_blocked(i);
		if (step != NULL && strcmp(step, "wait") != 0 &&
		    strcmp(step, "outer wait") != 0)
			explore_fail("a thread is blocked by another");
	}
	if (w.poll.lock.held)
		explore_fail("the lock is still held");
}

static bool
nothing_is_left(void)
{
	int i;

	for (i = 0; i < EVENTS; i++)
		if (w.seen[i] != w.triggered[i] || (w.events[i].state[0] !=
		    NULL && w.events[i].state[QUEUED] != NULL))
			return false;
	return true;
}

/* A waiter sleeps: what was triggered has reached it. */
static void
all_is_delivered(void)
{
	nobody_is_stuck();
	if (!nothing_is_left())
		explore_fail("the waiter sleeps, and an event is triggered");
}

/* Nobody waits: the next wait brings the rest. */
static void
rest_is_delivered(void)
{
	nobody_is_stuck();
	if (nothing_is_left())
		return;
	wait_once(EVENTS, 0);
	if (!nothing_is_left())
		explore_fail("the next wait does not bring an event");
}

/* Beside a source that is always ready, at most every second wait is its. */
static void
rest_is_delivered_in_two_waits(void)
{
	nobody_is_stuck();
	wait_once(1, 0);
	wait_once(1, 0);
	if (!nothing_is_left())
		explore_fail("a source leaves no place for an event");
}

/* Nobody waits but outside: what was triggered makes the poll readable. */
static void
rest_is_seen_outside(void)
{
	nobody_is_stuck();
	if (!nothing_is_left() && !w.woken)
		explore_fail("a triggered event does not show outside");
}

/* ---- The scenarios. */

static void
begin_with_0(void)
{
	begin(0);
}

static void
begin_with_1(void)
{
	begin(1);
}

static void
begin_with_2(void)
{
	begin(2);
}

/* In a poll that runs: a wait has just ended. */
static void
begin_awake(void)
{
	begin(1);
	look_once();
}

static void
begin_with_a_wake_that_fails(void)
{
	begin(2);
	w.failures = 1;
}

static void
begin_with_a_source(void)
{
	begin(1);
	w.source_ready = true;
}

static void
must_hold(const char *name, struct scenario scenario)
{
	struct exploration result;

	scenario.memory = &w;
	scenario.size = sizeof(w);
	result = explore(&scenario);
	printf("%s: %.0f interleavings, %lu states\n", name,
	    result.interleavings, result.states);
	fflush(stdout);
	if (result.failure != NULL)
		ck_abort_msg("%s", result.failure);
	ck_assert(result.interleavings > 1);
}

#define INTERLEAVE(test, ...)						\
START_TEST(test)							\
{									\
	must_hold(#test, (struct scenario){ __VA_ARGS__ });		\
}									\
END_TEST

INTERLEAVE(trigger_reaches_a_waiter,
    .begin = begin_with_1, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0_twice })
INTERLEAVE(trigger_reaches_a_waiter_that_is_awake,
    .begin = begin_awake, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0_twice })
INTERLEAVE(two_triggers_of_one_event_are_delivered,
    .begin = begin_awake, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0, trigger_0 })
INTERLEAVE(triggers_of_two_events_are_delivered,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0, trigger_1 })
INTERLEAVE(room_for_one_event_loses_none,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { wait_for_one_at_a_time, trigger_0, trigger_1 })
INTERLEAVE(removal_loses_no_other_event,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0, trigger_1_and_remove_it })
INTERLEAVE(first_event_reaches_a_waiter,
    .begin = begin_with_0, .end = all_is_delivered,
    .threads = { wait_for_ever, add_1_and_trigger_it })
INTERLEAVE(last_event_goes_and_the_first_comes,
    .begin = begin_awake, .end = all_is_delivered,
    .threads = { wait_for_ever, remove_0, add_1_and_trigger_it })
INTERLEAVE(trigger_shows_outside_of_an_exposed_poll,
    .begin = begin_with_1, .end = rest_is_seen_outside,
    .threads = { look_once, trigger_0, expose })
INTERLEAVE(outer_wait_loses_no_trigger,
    .begin = begin_awake, .end = all_is_delivered,
    .threads = { expose_and_wait_outside, trigger_0_twice })
INTERLEAVE(removal_and_exposure_hide_no_trigger,
    .begin = begin_with_2, .end = rest_is_seen_outside,
    .threads = { trigger_0, trigger_1_and_remove_it, expose })
INTERLEAVE(removal_from_an_exposed_poll_hides_no_trigger,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { expose_and_wait_outside, trigger_0,
	trigger_1_and_remove_it })
INTERLEAVE(look_leaves_the_rest_for_the_next,
    .begin = begin_with_2, .end = rest_is_delivered,
    .threads = { look_once, trigger_0, trigger_1 })
INTERLEAVE(signal_handler_interrupts_the_waiter_anywhere,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_1, trigger_0 }, .interrupted = 1)
INTERLEAVE(signal_handler_interrupts_a_removal_anywhere,
    .begin = begin_with_2, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_1_and_remove_it, trigger_0 },
    .interrupted = 2)

INTERLEAVE(next_event_repeats_a_wake_that_failed,
    .begin = begin_with_a_wake_that_fails, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0_and_1 })
INTERLEAVE(trigger_after_a_wake_that_failed_wakes,
    .begin = begin_with_a_wake_that_fails, .end = all_is_delivered,
    .threads = { wait_for_ever, trigger_0_until_it_succeeds,
	trigger_0_until_it_succeeds })
INTERLEAVE(ready_source_leaves_a_place_for_an_event,
    .begin = begin_with_a_source, .end = rest_is_delivered_in_two_waits,
    .threads = { wait_three_times_for_one, trigger_0_twice })

static const TTest *const *const tests[] = {
	&trigger_reaches_a_waiter,
	&trigger_reaches_a_waiter_that_is_awake,
	&two_triggers_of_one_event_are_delivered,
	&triggers_of_two_events_are_delivered,
	&room_for_one_event_loses_none,
	&removal_loses_no_other_event,
	&first_event_reaches_a_waiter,
	&last_event_goes_and_the_first_comes,
	&trigger_shows_outside_of_an_exposed_poll,
	&outer_wait_loses_no_trigger,
	&removal_and_exposure_hide_no_trigger,
	&removal_from_an_exposed_poll_hides_no_trigger,
	&look_leaves_the_rest_for_the_next,
	&signal_handler_interrupts_the_waiter_anywhere,
	&signal_handler_interrupts_a_removal_anywhere,
	&next_event_repeats_a_wake_that_failed,
	&trigger_after_a_wake_that_failed_wakes,
	&ready_source_leaves_a_place_for_an_event,
};

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
enum { SANITIZES_THREADS = 1 };
#else
enum { SANITIZES_THREADS = 0 };
#endif

int
main(void)
{
	TCase *tcase = tcase_create("interleavings");
	Suite *suite = suite_create("interleavings");
	SRunner *runner;
	size_t i;
	int failed;

	if (SANITIZES_THREADS) {
		puts("skipped: ThreadSanitizer does not know swapcontext()");
		return 77;
	}
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, *tests[i]);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_VERBOSE);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
