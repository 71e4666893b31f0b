/* SPDX-License-Identifier: MIT */
/* Signals as a source: cmio_signals_open(3). */
#include "harness.h"

#include <sys/time.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>

#include "plain.h"

enum { TOKEN = 5, NOT_RUN = 126, R = CMIO_READABLE };

_Static_assert(offsetof(struct cmio_signals, source) == 0,
    "cmio_close() is given the source");
_Static_assert(sizeof(struct cmio_signals) ==
    offsetof(struct cmio_signals, state) + 2 * sizeof(void *) &&
    offsetof(struct cmio_signals, state) <
    sizeof(struct cmio_source) + sizeof(sigset_t) + sizeof(void *),
    "its size never changes");
_Static_assert(sizeof(void *) != 8 || sizeof(sigset_t) != 128 ||
    sizeof(struct cmio_signals) == 160, "nor on Linux");

extern char **environ;
static char *program;

static sigset_t
set_of(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	if (b != 0)
		sigaddset(&set, b);
	return set;
}

/* For the rest of the test, which has its own process. */
static sigset_t
block(int a, int b)
{
	sigset_t set = set_of(a, b);

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	return set;
}

/* Returns whether there are such sources here; says so if there are none. */
static bool
is_open(struct cmio_signals *signals, const sigset_t *set, const char *test)
{
	if (cmio_signals_open(signals, set) == 0)
		return true;
	ck_assert_int_eq(errno, ENOTSUP);
	note_skip(test, "no descriptor tells of signals here");
	return false;
}

#define open_or_skip(signals, set)	do {				\
	if (!is_open(signals, set, __func__))				\
		return;							\
} while (0)

static struct cmio_poll *
watch_signals(int i, struct cmio_signals *signals, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_register(poll, &signals->source, TOKEN, interest));
	return poll;
}

static void
send_signal(int number)
{
	ck_assert_ok(kill(getpid(), number));
}

static void
expect_taken(struct cmio_signals *signals, int number)
{
	ck_assert_int_eq(cmio_signals_take(signals), number);
}

static void
expect_none(struct cmio_signals *signals)
{
	ck_assert_errno(cmio_signals_take(signals), EAGAIN);
}

static bool
is_pending(int number)
{
	sigset_t pending;

	ck_assert_ok(sigpending(&pending));
	return sigismember(&pending, number) == 1;
}

static void
end(struct cmio_poll *poll, struct cmio_signals *signals)
{
	ck_assert_ok(cmio_close(&signals->source));
	ck_assert_errno(cmio_signals_take(signals), EBADF);
	cmio_poll_unref(poll);
}

static int
exit_status(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(signal_that_is_sent_is_an_event_each_time)
{
	sigset_t set = block(SIGUSR1, SIGTERM);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	int i;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	expect_none(&signals);
	expect_nothing(poll);
	for (i = 0; i < 3; i++) {
		send_signal(i == 1 ? SIGTERM : SIGUSR1);
		expect_event(poll, TOKEN, R);
		expect_taken(&signals, i == 1 ? SIGTERM : SIGUSR1);
		ck_assert(!is_pending(SIGUSR1));
		expect_none(&signals);
		expect_nothing(poll);
	}
	end(poll, &signals);
}
END_TEST

START_TEST(signal_of_another_process_is_taken)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	pid_t child;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	child = fork();
	ck_assert_ok(child);
	if (child == 0)
		_exit(kill(getppid(), SIGUSR2) != 0);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGUSR2);
	expect_none(&signals);
	ck_assert_int_eq(exit_status(child), 0);
	end(poll, &signals);
}
END_TEST

START_TEST(signal_of_a_timer_is_taken)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 1000 } };
	sigset_t set = block(SIGALRM, 0);
	struct cmio_signals signals;
	struct cmio_poll *poll;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	ck_assert_ok(setitimer(ITIMER_REAL, &soon, NULL));
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGALRM);
	expect_none(&signals);
	end(poll, &signals);
}
END_TEST

START_TEST(child_that_ends_sends_a_signal)
{
	sigset_t set = block(SIGCHLD, 0);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	pid_t child;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	child = fork();
	ck_assert_ok(child);
	if (child == 0)
		_exit(4);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGCHLD);
	ck_assert_int_eq(exit_status(child), 4);
	end(poll, &signals);
}
END_TEST

static void
expect_both(struct cmio_signals *signals)
{
	int first = cmio_signals_take(signals);

	ck_assert(first == SIGUSR1 || first == SIGUSR2);
	expect_taken(signals, first == SIGUSR1 ? SIGUSR2 : SIGUSR1);
	expect_none(signals);
}

START_TEST(signals_pending_before_are_an_event)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;

	send_signal(SIGUSR2);
	send_signal(SIGUSR1);
	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	expect_event(poll, TOKEN, R);
	expect_both(&signals);
	ck_assert(!is_pending(SIGUSR1) && !is_pending(SIGUSR2));
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGUSR1);
	end(poll, &signals);
}
END_TEST

START_TEST(signals_pending_before_are_taken_at_once)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;

	send_signal(SIGUSR2);
	send_signal(SIGUSR1);
	open_or_skip(&signals, &set);
	expect_both(&signals);
	poll = watch_signals(_i, &signals, R);
	send_signal(SIGUSR2);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGUSR2);
	end(poll, &signals);
}
END_TEST

/* Also if a signal is pending before, and for the same signal again. */
START_TEST(level_is_an_event_for_each_signal)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	int seen = 0, i;

	send_signal(SIGUSR1);
	send_signal(SIGUSR2);
	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R | CMIO_LEVEL);
	for (i = 0; i < 2; i++) {
		expect_event(poll, TOKEN, R);
		seen += cmio_signals_take(&signals);
	}
	ck_assert_int_eq(seen, SIGUSR1 + SIGUSR2);
	/* A spurious event is allowed, but not without end. */
	while (cmio_poll_wait(poll, &(struct cmio_event){ 0 }, 1, A_WHILE))
		expect_none(&signals);
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGUSR1);
	end(poll, &signals);
}
END_TEST

START_TEST(equal_signals_may_be_joined)
{
	sigset_t set = block(SIGUSR1, 0);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	int n, taken;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	for (n = 0; n < 3; n++)
		send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	for (n = 0; (taken = cmio_signals_take(&signals)) != -1; n++)
		ck_assert_int_eq(taken, SIGUSR1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_ge(n, 1);
	ck_assert_int_le(n, 3);
	ck_assert(!is_pending(SIGUSR1));
	end(poll, &signals);
}
END_TEST

START_TEST(another_signal_before_the_first_is_taken_is_not_lost)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals signals;
	struct cmio_poll *poll;

	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	send_signal(SIGUSR2);
	expect_both(&signals);
	end(poll, &signals);
}
END_TEST

/* If the system queues them. */
START_TEST(realtime_signals_come_once_each)
{
#ifdef SIGRTMIN
	enum { SENT = 3 };
	sigset_t set = block(SIGRTMIN, SIGUSR1);
	struct cmio_signals signals;
	struct cmio_poll *poll;
	int i;

	send_signal(SIGRTMIN);
	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	for (i = 1; i < SENT; i++)
		send_signal(SIGRTMIN);
	for (i = 0; i < SENT; i++)
		while (cmio_signals_take(&signals) != SIGRTMIN)
			expect_event(poll, TOKEN, R);
	expect_none(&signals);
	end(poll, &signals);
#else
	skip("there are no real-time signals here");
#endif
}
END_TEST

START_TEST(each_source_has_its_own_signals)
{
	sigset_t set = block(SIGUSR1, 0), other = block(SIGUSR2, 0);
	struct cmio_signals signals, others;
	struct cmio_poll *poll;

	open_or_skip(&signals, &set);
	ck_assert_ok(cmio_signals_open(&others, &other));
	poll = watch_signals(_i, &signals, R);
	ck_assert_ok(cmio_register(poll, &others.source, 6, R));
	send_signal(SIGUSR2);
	expect_event(poll, 6, R);
	expect_nothing(poll);
	expect_none(&signals);
	expect_taken(&others, SIGUSR2);
	send_signal(SIGUSR1);
	expect_event(poll, TOKEN, R);
	expect_none(&others);
	expect_taken(&signals, SIGUSR1);
	ck_assert_ok(cmio_close(&others.source));
	end(poll, &signals);
}
END_TEST

/* While a signal is blocked its action does not apply, even SIG_IGN. */
START_TEST(ignored_signal_that_is_blocked_is_taken)
{
	sigset_t set = block(SIGTERM, 0);
	struct cmio_signals signals;
	struct cmio_poll *poll;

	ck_assert(signal(SIGTERM, SIG_IGN) != SIG_ERR);
	open_or_skip(&signals, &set);
	poll = watch_signals(_i, &signals, R);
	send_signal(SIGTERM);
	expect_event(poll, TOKEN, R);
	expect_taken(&signals, SIGTERM);
	expect_none(&signals);
	end(poll, &signals);
}
END_TEST

START_TEST(masks_and_handlers_stay_as_they_are)
{
	sigset_t set = block(SIGUSR1, SIGUSR2), before, after;
	struct sigaction action;
	struct cmio_signals signals;
	int i;

	ck_assert_ok(sigprocmask(SIG_BLOCK, NULL, &before));
	open_or_skip(&signals, &set);
	send_signal(SIGUSR1);
	while (cmio_signals_take(&signals) == -1)
		ck_assert_int_eq(errno, EAGAIN);
	ck_assert_ok(cmio_close(&signals.source));
	ck_assert_ok(sigprocmask(SIG_BLOCK, NULL, &after));
	for (i = 1; i < NSIG; i++)
		ck_assert_int_eq(sigismember(&after, i),
		    sigismember(&before, i));
	ck_assert_ok(sigaction(SIGUSR1, NULL, &action));
	ck_assert(action.sa_handler == SIG_DFL);
}
END_TEST

START_TEST(set_has_signals_that_can_be_taken)
{
	static const int refused[] = {
		SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP
	};
	struct cmio_signals signals = { .source = CMIO_SOURCE(-7) };
	sigset_t set;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		set = set_of(refused[i], SIGUSR1);
		ck_assert_errno(cmio_signals_open(&signals, &set), EINVAL);
	}
	sigemptyset(&set);
	ck_assert_errno(cmio_signals_open(&signals, &set), EINVAL);
	sigfillset(&set);
	ck_assert_errno(cmio_signals_open(&signals, &set), EINVAL);
	ck_assert_int_eq(signals.source.fd, -7);
}
END_TEST

START_TEST(every_other_signal_can_be_taken)
{
	static const int taken[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGPIPE, SIGALRM, SIGTERM,
		SIGURG, SIGCHLD, SIGCONT, SIGXCPU, SIGVTALRM, SIGWINCH
	};
	struct cmio_signals signals;
	struct cmio_poll *poll;
	sigset_t set;
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		set = block(taken[i], 0);
		open_or_skip(&signals, &set);
		poll = watch_signals(_i, &signals, R);
		send_signal(taken[i]);
		expect_event(poll, TOKEN, R);
		expect_taken(&signals, taken[i]);
		end(poll, &signals);
	}
}
END_TEST

/* The copy is used from then on, as with every source. */
START_TEST(source_may_be_moved)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	struct cmio_signals first, *moved;
	struct cmio_poll *poll;

	send_signal(SIGUSR1);
	open_or_skip(&first, &set);
	moved = malloc(sizeof(*moved));
	ck_assert_ptr_nonnull(moved);
	*moved = first;
	memset(&first, 0xff, sizeof(first));
	poll = watch_signals(_i, moved, R);
	expect_event(poll, TOKEN, R);
	expect_taken(moved, SIGUSR1);
	expect_none(moved);
	end(poll, moved);
	free(moved);
}
END_TEST

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
	end(waiter.poll, &signals);
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
	end(poll, &signals);
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
	end(poll, &signals);
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
	end(poll, &signals);
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
	EACH_SELECTOR(signal_that_is_sent_is_an_event_each_time),
	EACH_SELECTOR(signal_of_another_process_is_taken),
	EACH_SELECTOR(signal_of_a_timer_is_taken),
	EACH_SELECTOR(child_that_ends_sends_a_signal),
	EACH_SELECTOR(signals_pending_before_are_an_event),
	EACH_SELECTOR(signals_pending_before_are_taken_at_once),
	EACH_SELECTOR(level_is_an_event_for_each_signal),
	EACH_SELECTOR(equal_signals_may_be_joined),
	EACH_SELECTOR(another_signal_before_the_first_is_taken_is_not_lost),
	EACH_SELECTOR(realtime_signals_come_once_each),
	EACH_SELECTOR(each_source_has_its_own_signals),
	EACH_SELECTOR(ignored_signal_that_is_blocked_is_taken),
	ONCE(masks_and_handlers_stay_as_they_are),
	ONCE(set_has_signals_that_can_be_taken),
	EACH_SELECTOR(every_other_signal_can_be_taken),
	EACH_SELECTOR(source_may_be_moved),
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
	return run_tests(argc, argv, "signals", tests);
}
