/* SPDX-License-Identifier: MIT */
/* A child process as a source: cmio_child_open(3). */
#include "sockets.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "children.h"
#include "plain.h"

_Static_assert(offsetof(struct cmio_child, source) == 0,
    "cmio_close() is given the source");
_Static_assert(sizeof(struct cmio_child) == sizeof(struct cmio_source) +
    sizeof(pid_t) + sizeof(unsigned int) + 2 * sizeof(void *),
    "its size never changes");

extern char **environ;
static char *program;

START_TEST(child_is_an_event_when_it_ends)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2], status = -5;
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	ck_assert_int_eq(child.pid, pid);
	poll = watch_child(_i, &child, R);
	expect_nothing(poll);
	ck_assert_errno(cmio_child_wait(&child, &status), EAGAIN);
	ck_assert_int_eq(status, -5);
	close(gate[1]);
	expect_event(poll, TOKEN, R);
	expect_exit(&child, STATUS);
	end_child(poll, &child);
}
END_TEST

START_TEST(child_that_ended_before_is_an_event)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	pid_t pid = start_and_end(3);

	await_end(pid);
	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	expect_event(poll, TOKEN, R);
	expect_exit(&child, 3);
	end_child(poll, &child);
}
END_TEST

START_TEST(child_that_ends_meanwhile_is_an_event)
{
	enum { TIMES = 100 };
	struct cmio_child child;
	struct cmio_poll *poll;
	pid_t pid;
	int i;

	for (i = 0; i < TIMES; i++) {
		pid = start_and_end(i);
		open_or_skip(&child, pid);
		poll = watch_child(_i, &child, R);
		expect_event(poll, TOKEN, R);
		expect_exit(&child, i);
		end_child(poll, &child);
	}
}
END_TEST

/* The event comes even if the program has waited for it before. */
START_TEST(child_that_was_waited_for_too_early_is_an_event)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2], i;
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	for (i = 0; i < 3; i++)
		ck_assert_errno(cmio_child_wait(&child, NULL), EAGAIN);
	ck_assert_ok(kill(pid, SIGKILL));
	close(gate[1]);
	while (cmio_child_wait(&child, &i) == -1) {
		ck_assert_int_eq(errno, EAGAIN);
		expect_event(poll, TOKEN, R);
	}
	ck_assert(WIFSIGNALED(i));
	end_child(poll, &child);
}
END_TEST

START_TEST(child_is_readable_until_it_is_waited_for)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2];
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R | CMIO_LEVEL);
	expect_nothing(poll);
	close(gate[1]);
	expect_event(poll, TOKEN, R);
	expect_event(poll, TOKEN, R);
	expect_exit(&child, STATUS);
	end_child(poll, &child);
}
END_TEST

START_TEST(child_that_stops_and_continues_is_no_event)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2], status;
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	ck_assert_ok(kill(pid, SIGSTOP));
	ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
	ck_assert(WIFSTOPPED(status));
	expect_nothing(poll);
	ck_assert_errno(cmio_child_wait(&child, &status), EAGAIN);
	ck_assert_ok(kill(pid, SIGCONT));
	expect_nothing(poll);
	close(gate[1]);
	expect_event(poll, TOKEN, R);
	expect_exit(&child, STATUS);
	end_child(poll, &child);
}
END_TEST

/* Room for n more children, or as many as possible. */
static int
make_room(int n)
{
	struct rlimit limit;

	ck_assert_ok(getrlimit(RLIMIT_NOFILE, &limit));
	if (limit.rlim_cur < (rlim_t)n + 100) {
		limit.rlim_cur = (rlim_t)n + 100;
		if (limit.rlim_max < limit.rlim_cur)
			limit.rlim_cur = limit.rlim_max;
		ck_assert_ok(setrlimit(RLIMIT_NOFILE, &limit));
	}
	return limit.rlim_cur < (rlim_t)n + 100 ?
	    (int)limit.rlim_cur - 100 : n;
}

/* The status of each child is its number. */
static void
reap_all(struct cmio_poll *poll, struct cmio_child *children, int n)
{
	struct cmio_event events[64];
	int got, i, status;

	while (n > 0) {
		got = cmio_poll_wait(poll, events, 64, LONG_TIME);
		ck_assert_int_gt(got, 0);
		for (i = 0; i < got; i++) {
			if (cmio_child_wait(&children[events[i].token],
			    &status) == -1) {
				ck_assert(errno == EAGAIN || errno == ECHILD);
				continue;
			}
			ck_assert_int_eq(WEXITSTATUS(status),
			    (int)events[i].token % 200);
			n--;
		}
	}
}

START_TEST(thousand_children_end_at_once)
{
	static struct cmio_child children[1000];
	struct cmio_poll *poll;
	int gate[2], i, n = make_room(1000);
	pid_t pid;
	char c;

	ck_assert_ok(pipe(gate));
	poll = open_selector(_i);
	for (i = 0; i < n; i++) {
		pid = fork();
		ck_assert_ok(pid);
		if (pid == 0) {
			close(gate[1]);
			while (read(gate[0], &c, 1) == -1)
				continue;
			_exit(i % 200);
		}
		if (i == 0 && !child_is_open(&children[0], pid, __func__)) {
			plain_close(gate);
			cmio_poll_unref(poll);
			return;
		}
		if (i != 0)
			ck_assert_ok(cmio_child_open(&children[i], pid));
		ck_assert_ok(cmio_register(poll, &children[i].source,
		    (uintptr_t)i, R));
	}
	plain_close(gate);
	reap_all(poll, children, n);
	for (i = 0; i < n; i++)
		ck_assert_ok(cmio_close(&children[i].source));
	ck_assert_errno(waitpid(-1, NULL, WNOHANG), ECHILD);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(child_reaped_elsewhere_is_an_event_and_none_to_wait_for)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2], status = -5;
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	close(gate[1]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	expect_event(poll, TOKEN, R);
	ck_assert_errno(cmio_child_wait(&child, &status), ECHILD);
	ck_assert_errno(cmio_child_wait(&child, &status), ECHILD);
	ck_assert_int_eq(status, -5);
	end_child(poll, &child);
}
END_TEST

START_TEST(child_of_an_ignored_signal_is_an_event_and_none_to_wait_for)
{
	struct cmio_child child;
	struct cmio_poll *poll;
	int gate[2];
	pid_t pid;

	ck_assert(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	pid = start(gate);
	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	close(gate[1]);
	expect_event(poll, TOKEN, R);
	ck_assert_errno(cmio_child_wait(&child, NULL), ECHILD);
	end_child(poll, &child);
	ck_assert_errno(cmio_child_open(&child, pid), ECHILD);
}
END_TEST

/* Not one that does not exist, another's, or a thread. */
START_TEST(only_a_child_can_be_opened)
{
	struct cmio_child child = { .source = CMIO_SOURCE(-7) };
	int gate[2], grandchild[2];
	pid_t pid = start_and_end(0), other;

	ck_assert_errno(cmio_child_open(&child, 0), EINVAL);
	ck_assert_errno(cmio_child_open(&child, -1), EINVAL);
	ck_assert_errno(cmio_child_open(&child, INT_MIN), EINVAL);
	ck_assert_errno(cmio_child_open(NULL, pid), EINVAL);
	open_or_skip(&child, pid);
	ck_assert_ok(cmio_close(&child.source));
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	child.source.fd = -7;
	ck_assert_errno(cmio_child_open(&child, pid), ECHILD);
	ck_assert_errno(cmio_child_open(&child, INT_MAX), ECHILD);
	ck_assert_errno(cmio_child_open(&child, 1), ECHILD);
	ck_assert_errno(cmio_child_open(&child, getpid()), ECHILD);
	if (getppid() > 0)
		ck_assert_errno(cmio_child_open(&child, getppid()), ECHILD);
	ck_assert_ok(pipe(grandchild));
	pid = fork();
	ck_assert_ok(pid);
	if (pid == 0) {
		other = start(gate);
		_exit(write(grandchild[1], &other, sizeof(other)) !=
		    sizeof(other) || close(gate[1]) == -1 ||
		    waitpid(other, NULL, 0) != other);
	}
	ck_assert_int_eq(read(grandchild[0], &other, sizeof(other)),
	    sizeof(other));
	ck_assert_errno(cmio_child_open(&child, other), ECHILD);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(child.source.fd, -7);
	plain_close(grandchild);
}
END_TEST

START_TEST(closing_does_not_reap)
{
	struct cmio_child child;
	int gate[2], status;
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	ck_assert_ok(cmio_close(&child.source));
	close(gate[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), STATUS);
}
END_TEST

START_TEST(descriptor_is_closed_on_exec)
{
	struct cmio_child child;
	int gate[2];
	pid_t pid = start(gate);

	open_or_skip(&child, pid);
	ck_assert_int_ne(fcntl(child.source.fd, F_GETFD) & FD_CLOEXEC, 0);
	close(gate[1]);
	await_end(pid);
	while (cmio_child_wait(&child, NULL) == -1)
		ck_assert_int_eq(errno, EAGAIN);
	ck_assert_ok(cmio_close(&child.source));
}
END_TEST

START_TEST(program_that_was_spawned_is_a_child)
{
	static char option[] = "--exit", number[] = "9";
	char *argv[] = { program, option, number, NULL };
	struct cmio_child child;
	struct cmio_poll *poll;
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, argv, environ) != 0)
		skip("this program cannot be executed again");
	open_or_skip(&child, pid);
	poll = watch_child(_i, &child, R);
	expect_event(poll, TOKEN, R);
	expect_exit(&child, 9);
	end_child(poll, &child);
}
END_TEST

/* Children belong to the process, whichever thread forked them. */
static void
open_and_wait(void *arg)
{
	struct cmio_child child;
	pid_t pid = *(pid_t *)arg;

	if (!child_is_open(&child, pid, "other_thread_waits_for_a_child"))
		return;
	await(&child.source, R);
	expect_exit(&child, 3);
	ck_assert_ok(cmio_close(&child.source));
}

START_TEST(other_thread_waits_for_a_child)
{
	struct task task;
	pid_t pid = start_and_end(3);

	task_start(&task, open_and_wait, &pid);
	task_join(&task);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(child_is_an_event_when_it_ends),
	EACH_SELECTOR(child_that_ended_before_is_an_event),
	EACH_SELECTOR(child_that_ends_meanwhile_is_an_event),
	EACH_SELECTOR(child_that_was_waited_for_too_early_is_an_event),
	EACH_SELECTOR(child_is_readable_until_it_is_waited_for),
	EACH_SELECTOR(child_that_stops_and_continues_is_no_event),
	EACH_SELECTOR(thousand_children_end_at_once),
	EACH_SELECTOR(child_reaped_elsewhere_is_an_event_and_none_to_wait_for),
	EACH_SELECTOR(
	    child_of_an_ignored_signal_is_an_event_and_none_to_wait_for),
	ONCE(only_a_child_can_be_opened),
	ONCE(closing_does_not_reap),
	ONCE(descriptor_is_closed_on_exec),
	EACH_SELECTOR(program_that_was_spawned_is_a_child),
	ONCE(other_thread_waits_for_a_child),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--exit") == 0)
		return atoi(argv[2]);
	program = argv[0];
	return run_tests(argc, argv, "child", tests);
}
