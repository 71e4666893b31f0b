/* SPDX-License-Identifier: MIT */
#include "signal_sources.h"

#include <sys/wait.h>

#include <pthread.h>
#include <unistd.h>

sigset_t
set_of(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	if (b != 0)
		sigaddset(&set, b);
	return set;
}

sigset_t
block(int a, int b)
{
	sigset_t set = set_of(a, b);

	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	return set;
}

bool
signals_are_open(struct cmio_signals *signals, const sigset_t *set,
    const char *test)
{
	if (cmio_signals_open(signals, set) == 0)
		return true;
	ck_assert_int_eq(errno, ENOTSUP);
	note_skip(test, "no descriptor tells of signals here");
	return false;
}

struct cmio_poll *
watch_signals(int i, struct cmio_signals *signals, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_register(poll, &signals->source, TOKEN, interest));
	return poll;
}

void
send_signal(int number)
{
	ck_assert_ok(kill(getpid(), number));
}

void
expect_taken(struct cmio_signals *signals, int number)
{
	ck_assert_int_eq(cmio_signals_take(signals), number);
}

void
expect_none(struct cmio_signals *signals)
{
	ck_assert_errno(cmio_signals_take(signals), EAGAIN);
}

bool
is_pending(int number)
{
	sigset_t pending;

	ck_assert_ok(sigpending(&pending));
	return sigismember(&pending, number) == 1;
}

void
end_signals(struct cmio_poll *poll, struct cmio_signals *signals)
{
	ck_assert_ok(cmio_close(&signals->source));
	ck_assert_errno(cmio_signals_take(signals), EBADF);
	cmio_poll_unref(poll);
}

int
exit_status(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void
expect_both(struct cmio_signals *signals)
{
	int first = cmio_signals_take(signals);

	ck_assert(first == SIGUSR1 || first == SIGUSR2);
	expect_taken(signals, first == SIGUSR1 ? SIGUSR2 : SIGUSR1);
	expect_none(signals);
}
