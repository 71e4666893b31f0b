/* SPDX-License-Identifier: MIT */
/* Signals as a source of several threads, processes or programs. */
#include "signal_sources.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { NOT_RUN = 126 };

extern char **environ;
static char *program;

struct takers {
	struct cmio_signals	signals;
	atomic_int		taken;
	atomic_bool		done;
};

static void
take_many(void *arg)
{
	struct takers *takers = arg;

	while (!atomic_load(&takers->done))
		if (cmio_signals_take(&takers->signals) == SIGUSR1)
			atomic_fetch_add(&takers->taken, 1);
		else
			sched_yield();
}

/* kqueue may report one more: two in three thousand were seen. */
static int
most_reports(int sent)
{
	const char *const *name;

	for (name = cmio_selectors(); *name != NULL; name++)
		if (strcmp(*name, "kqueue") == 0)
			return sent + sent / 100;
	return sent;
}

START_TEST(four_threads_take_each_signal_once)
{
	enum { THREADS = 4, SENT = 1000 };
	sigset_t set = block(SIGUSR1, 0);
	struct takers takers = { .done = false };
	struct task tasks[THREADS];
	int i;

	open_or_skip(&takers.signals, &set);
	for (i = 0; i < THREADS; i++)
		task_start(&tasks[i], take_many, &takers);
	for (i = 0; i < SENT; i++) {
		send_signal(SIGUSR1);
		while (atomic_load(&takers.taken) <= i)
			sched_yield();
	}
	atomic_store(&takers.done, true);
	for (i = 0; i < THREADS; i++)
		task_join(&tasks[i]);
	expect_none(&takers.signals);
	ck_assert_int_ge(takers.taken, SENT);
	ck_assert_int_le(takers.taken, most_reports(SENT));
	ck_assert_ok(cmio_close(&takers.signals.source));
}
END_TEST

struct sender {
	struct cmio_poll	*poll;
	struct cmio_event	 event;
	int			 n;
};

static void
wait_for_one(void *arg)
{
	struct sender *sender = arg;

	sender->n = cmio_poll_wait(sender->poll, &sender->event, 1,
	    LONG_TIME);
}

START_TEST(signal_ends_a_wait_in_another_thread)
{
	sigset_t set = block(SIGUSR1, 0);
	struct cmio_signals signals;
	struct sender waiter;
	struct task task;

	open_or_skip(&signals, &set);
	waiter.poll = watch_signals(_i, &signals, R);
	task_start(&task, wait_for_one, &waiter);
	give_way(10);
	send_signal(SIGUSR1);
	task_join(&task);
	ck_assert_int_eq(waiter.n, 1);
	ck_assert_uint_eq(waiter.event.token, TOKEN);
	expect_taken(&signals, SIGUSR1);
	end_signals(waiter.poll, &signals);
}
END_TEST

/* Nothing is promised about the signal, but others still come. */
static void *
wait_for_true(void *done)
{
	while (!atomic_load((atomic_bool *)done))
		sched_yield();
	return NULL;
}

START_TEST(signal_sent_to_another_thread_hides_no_other)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	atomic_bool done = false;
	pthread_t thread;
	int taken;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_true, &done),
	    0);
	ck_assert_int_eq(pthread_kill(thread, SIGUSR1), 0);
	send_signal(SIGUSR2);
	do {
		expect_event(poll, TOKEN, R);
		taken = cmio_signals_take(&signals);
	} while (taken == SIGUSR1);
	ck_assert_int_eq(taken, SIGUSR2);
	atomic_store(&done, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	end_signals(poll, &signals);
}
END_TEST

/* The child leaves the source alone, and what it gets is its own. */
START_TEST(child_after_fork_takes_nothing_away)
{
	sigset_t set = block(SIGUSR1, 0);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	pid_t child;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	child = fork();
	ck_assert_ok(child);
	if (child == 0)
		_exit(kill(getpid(), SIGUSR1) != 0 || !is_pending(SIGUSR1));
	ck_assert_int_eq(exit_status(child), 0);
	expect_none(&signals);
	expect_nothing(poll);
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGUSR1);
	end_signals(poll, &signals);
}
END_TEST

/* A program's error, which loses nothing on any system: one of them gets it. */
START_TEST(signal_of_two_sources_comes_to_one_at_least)
{
	sigset_t set = block(SIGUSR1, 0);
	struct cmio_signals signals, other;
	struct cmio_poll *poll;
	int taken;

	open_or_skip(&signals, &set);
	ck_assert_ok(cmio_signals_open(&other, &set));
	poll = watch_signals(_i, &signals, R | CMIO_LEVEL);
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	taken = cmio_signals_take(&other);
	if (taken == -1)
		taken = cmio_signals_take(&signals);
	ck_assert_int_eq(taken, SIGUSR1);
	ck_assert(!is_pending(SIGUSR1));
	ck_assert_ok(cmio_close(&other.source));
	end_signals(poll, &signals);
}
END_TEST

/*
 * The other half of the next test, in a program that was executed: the
 * argument is a descriptor.  1: it is open; 2: SIGUSR1 is blocked.
 */
static int
look_around(const char *fd)
{
	sigset_t blocked;

	if (sigprocmask(SIG_BLOCK, NULL, &blocked) == -1)
		return NOT_RUN;
	return (fcntl(atoi(fd), F_GETFD) != -1 ? 1 : 0) |
	    (sigismember(&blocked, SIGUSR1) == 1 ? 2 : 0);
}

static char **
arguments(int fd)
{
	static char option[] = "--look", number[12], *argv[4];

	snprintf(number, sizeof(number), "%d", fd);
	argv[0] = program;
	argv[1] = option;
	argv[2] = number;
	return argv;
}

/* In a child, with SIGUSR1 blocked or not. */
static int
execute(int fd, bool unblock)
{
	const sigset_t set = set_of(SIGUSR1, 0);
	pid_t child;

	child = fork();
	ck_assert_ok(child);
	if (child == 0) {
		if (unblock)
			sigprocmask(SIG_UNBLOCK, &set, NULL);
		execv(program, arguments(fd));
		_exit(NOT_RUN);
	}
	return exit_status(child);
}

static int
spawn(int fd)
{
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t child;
	int rc;

	sigemptyset(&none);
	ck_assert_int_eq(posix_spawnattr_init(&attr), 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawn(&child, program, NULL, &attr, arguments(fd),
	    environ);
	posix_spawnattr_destroy(&attr);
	return rc != 0 ? NOT_RUN : exit_status(child);
}

START_TEST(program_that_is_executed_has_the_mask_and_no_descriptor)
{
	sigset_t set = block(SIGUSR1, 0);
	struct cmio_signals signals;
	int fd, status;

	open_or_skip(&signals, &set);
	fd = signals.source.fd;
	status = execute(fd, false);
	if (status != NOT_RUN) {
		ck_assert_int_eq(status, 2);
		ck_assert_int_eq(execute(fd, true), 0);
		ck_assert_int_eq(spawn(fd), 0);
	}
	ck_assert_ok(cmio_close(&signals.source));
	if (status == NOT_RUN)
		skip("this program cannot be executed again");
}
END_TEST

static const struct test tests[] = {
	ONCE(four_threads_take_each_signal_once),
	EACH_SELECTOR(signal_ends_a_wait_in_another_thread),
	EACH_SELECTOR(signal_sent_to_another_thread_hides_no_other),
	EACH_SELECTOR(child_after_fork_takes_nothing_away),
	EACH_SELECTOR(signal_of_two_sources_comes_to_one_at_least),
	ONCE(program_that_is_executed_has_the_mask_and_no_descriptor),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--look") == 0)
		return look_around(argv[2]);
	program = argv[0];
	return run_tests(argc, argv, "signals_shared", tests);
}
