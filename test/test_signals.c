/* SPDX-License-Identifier: MIT */
/* Signals as a source: cmio_signals_open(3). */
#include "signal_sources.h"

#include <sys/time.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(offsetof(struct cmio_signals, source) == 0,
    "cmio_close() is given the source");
_Static_assert(sizeof(struct cmio_signals) ==
    offsetof(struct cmio_signals, state) + 2 * sizeof(void *) &&
    offsetof(struct cmio_signals, state) <
    sizeof(struct cmio_source) + sizeof(sigset_t) + sizeof(void *),
    "its size never changes");
_Static_assert(sizeof(void *) != 8 || sizeof(sigset_t) != 128 ||
    sizeof(struct cmio_signals) == 160, "nor on Linux");

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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
}
END_TEST

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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
	end_signals(poll, &signals);
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
		end_signals(poll, &signals);
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
	end_signals(poll, moved);
	free(moved);
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
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "signals", tests);
}
