/* SPDX-License-Identifier: MIT */
/*
 * Sources whose descriptor was closed with close(2), without
 * cmio_deregister(), and whose number now belongs to another file: they do not
 * affect that file.
 */
#include "harness.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "plain.h"

#define R	CMIO_READABLE

/* A pipe whose read end has this number; -1: the next free one. */
static void
pipe_at(int fds[2], int number)
{
	ck_assert_ok(pipe(fds));
	if (number == -1 || fds[0] == number)
		return;
	ck_assert_ok(dup2(fds[0], number));
	close(fds[0]);
	fds[0] = number;
}

static void
put(int fd)
{
	ck_assert_int_eq(write(fd, "x", 1), 1);
}

/* Registers the read end of a new pipe and closes both ends. */
static void
make_stale(struct cmio_poll *poll, struct cmio_source *source)
{
	int fds[2];

	pipe_at(fds, -1);
	cmio_source_init(source, fds[0]);
	ck_assert_ok(cmio_register(poll, source, 1, R));
	close(fds[0]);
	close(fds[1]);
}

/* Triggers when the other thread has had time to fall asleep. */
static void
trigger_later(void *event)
{
	give_way(20);
	cmio_user_event_trigger(event);
}

static void
expect_wake_of_a_sleeper(struct cmio_poll *poll,
    struct cmio_user_event *event, uintptr_t token)
{
	struct task task;

	task_start(&task, trigger_later, event);
	expect_event(poll, token, R);
	task_join(&task);
}

START_TEST(stale_source_changes_and_removes_no_younger_one)
{
	enum { OTHERS = 40 };
	struct cmio_poll *poll;
	struct cmio_source stale, young, others[OTHERS];
	int fds[2], pipes[OTHERS][2], i;

	skip_on(_i, "libkqueue", NO_CLOSE);
	if (!room_for_descriptors(2 * OTHERS + 10))
		skip("too few descriptors");
	poll = open_selector(_i);
	make_stale(poll, &stale);
	pipe_at(fds, stale.fd);
	cmio_source_init(&young, fds[0]);
	ck_assert_ok(cmio_register(poll, &young, 2, R));
	/* Even if many others were registered since. */
	for (i = 0; i < OTHERS; i++) {
		pipe_at(pipes[i], -1);
		cmio_source_init(&others[i], pipes[i][0]);
		ck_assert_ok(cmio_register(poll, &others[i], 3, R));
	}
	ck_assert_errno(cmio_reregister(poll, &stale, 1, R), ENOENT);
	ck_assert_ok(cmio_deregister(poll, &stale));
	put(fds[1]);
	expect_event(poll, 2, R);
	for (i = 0; i < OTHERS; i++) {
		ck_assert_ok(cmio_deregister(poll, &others[i]));
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	ck_assert_ok(cmio_reregister(poll, &young, 2, R));
	ck_assert_ok(cmio_deregister(poll, &young));
	close(fds[0]);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

/*
 * A stale source may have the number of the descriptor that wakes the poll.
 * Which number that is depends on how the poll is made: all are tried.
 */
START_TEST(stale_source_does_not_silence_wakes)
{
	enum { STALE = 8 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source stale[STALE];
	struct cmio_user_event event;
	int fds[STALE][2], i;

	for (i = 0; i < STALE; i++) {
		ck_assert_ok(pipe(fds[i]));
		cmio_source_init(&stale[i], fds[i][0]);
		ck_assert_ok(cmio_register(poll, &stale[i], 1, R));
	}
	for (i = 0; i < STALE; i++) {
		close(fds[i][0]);
		close(fds[i][1]);
	}
	ck_assert_ok(cmio_user_event_add(poll, &event, 9));
	for (i = 0; i < STALE; i++) {
		cmio_reregister(poll, &stale[i], 1, R | CMIO_WRITABLE);
		if (i % 2 == 0)
			ck_assert_ok(cmio_deregister(poll, &stale[i]));
	}
	expect_wake_of_a_sleeper(poll, &event, 9);
	for (i = 1; i < STALE; i += 2)
		ck_assert_ok(cmio_deregister(poll, &stale[i]));
	expect_wake_of_a_sleeper(poll, &event, 9);
	ck_assert_ok(cmio_user_event_remove(&event));
	cmio_poll_unref(poll);
}
END_TEST

/* Shared by the threads. */
static struct cmio_poll *the_poll;
static atomic_bool stop;
static atomic_int failures;

/* Closes first and deregisters later. */
static void
close_first(void *unused)
{
	struct cmio_source source;
	int fds[2];

	(void)unused;
	while (!atomic_load(&stop)) {
		if (pipe(fds) == -1)
			continue;
		cmio_source_init(&source, fds[0]);
		if (cmio_register(the_poll, &source, 1, R) == -1)
			atomic_fetch_add(&failures, 1);
		close(fds[0]);
		close(fds[1]);
		cmio_deregister(the_poll, &source);
	}
}

START_TEST(live_source_stays_while_stale_ones_are_deregistered)
{
	struct cmio_source source;
	struct task tasks[2];
	int fds[2], i;

	skip_on(_i, "libkqueue", NO_CLOSE);
	the_poll = open_selector(_i);
	atomic_store(&stop, false);
	atomic_store(&failures, 0);
	for (i = 0; i < 2; i++)
		task_start(&tasks[i], close_first, NULL);
	for (i = 0; i < 20000; i++) {
		ck_assert_ok(pipe(fds));
		cmio_source_init(&source, fds[0]);
		ck_assert_ok(cmio_register(the_poll, &source, 2, R));
		ck_assert_ok(cmio_reregister(the_poll, &source, 2, R));
		ck_assert_ok(cmio_deregister(the_poll, &source));
		close(fds[0]);
		close(fds[1]);
	}
	atomic_store(&stop, true);
	for (i = 0; i < 2; i++)
		task_join(&tasks[i]);
	ck_assert_int_eq(atomic_load(&failures), 0);
	cmio_poll_unref(the_poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(stale_source_changes_and_removes_no_younger_one),
	EACH_SELECTOR(stale_source_does_not_silence_wakes),
	EACH_SELECTOR(live_source_stays_while_stale_ones_are_deregistered),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "stale", tests);
}
