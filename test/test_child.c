/* SPDX-License-Identifier: MIT */
/* A child process as a source: cmio_child_open(3). */
#include "sockets.h"

#include <sys/resource.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <sys/utsname.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/process.h>

#include "plain.h"

enum { TOKEN = 5, R = CMIO_READABLE };

_Static_assert(offsetof(struct cmio_child, source) == 0,
    "cmio_close() is given the source");
_Static_assert(sizeof(struct cmio_child) == sizeof(struct cmio_source) +
    sizeof(pid_t) + sizeof(unsigned int) + 2 * sizeof(void *),
    "its size never changes");

extern char **environ;
static char *program;

/* A child exits with this status when its pipe is closed. */
enum { STATUS = 7 };
/* The pipe of the latest child, which a test that is skipped leaves open. */
static int latest_gate = -1;

/* A child that lives until the pipe is closed. */
static pid_t
start(int gate[2])
{
	pid_t pid;
	char c;

	ck_assert_ok(pipe(gate));
	pid = fork();
	ck_assert_ok(pid);
	if (pid == 0) {
		close(gate[1]);
		while (read(gate[0], &c, 1) == -1)
			continue;
		_exit(STATUS);
	}
	close(gate[0]);
	latest_gate = gate[1];
	return pid;
}

static pid_t
start_and_end(int status)
{
	pid_t pid = fork();

	ck_assert_ok(pid);
	if (pid == 0)
		_exit(status);
	latest_gate = -1;
	return pid;
}

/* Waits until the child has ended; does not reap it. */
static void
await_end(pid_t pid)
{
	siginfo_t info;

	ck_assert_ok(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
}

/* Whether a sandbox, or an old kernel, has no pidfd_open(2). */
static bool
lacks_pidfd_open(void)
{
#ifdef SYS_pidfd_open
	const int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	return fd == -1 || close(fd) == -1;
#else
	return true;
#endif
}

/* Whether this kernel has such sources: Linux before 5.4 has not. */
static bool
may_lack_children(void)
{
	struct utsname name;
	int major = 0, minor = 0;

	ck_assert_ok(uname(&name));
	if (strcmp(name.sysname, "Linux") != 0)
		return true;
	ck_assert_int_eq(sscanf(name.release, "%d.%d", &major, &minor), 2);
	return major < 5 || (major == 5 && minor < 4) || lacks_pidfd_open();
}

static bool
is_open(struct cmio_child *child, pid_t pid, const char *test)
{
	int error;

	if (cmio_child_open(child, pid) == 0)
		return true;
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (latest_gate != -1)
		close(latest_gate);
	latest_gate = -1;
	ck_assert_int_eq(error, ENOTSUP);
	ck_assert(may_lack_children());
	note_skip(test, "no descriptor tells of children here");
	return false;
}

#define open_or_skip(child, pid)	do {				\
	if (!is_open(child, pid, __func__))				\
		return;							\
} while (0)

static struct cmio_poll *
watch_child(int i, struct cmio_child *child, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_register(poll, &child->source, TOKEN, interest));
	return poll;
}

static void
end(struct cmio_poll *poll, struct cmio_child *child)
{
	ck_assert_ok(cmio_close(&child->source));
	ck_assert_errno(cmio_child_wait(child, NULL), EBADF);
	cmio_poll_unref(poll);
}

/* The child was reaped once, with this exit status. */
static void
expect_exit(struct cmio_child *child, int expected)
{
	int status = -1;

	ck_assert_ok(cmio_child_wait(child, &status));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), expected);
	ck_assert_errno(waitpid(child->pid, &status, WNOHANG), ECHILD);
	ck_assert_errno(cmio_child_wait(child, &status), ECHILD);
}

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
	end(poll, &child);
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
	end(poll, &child);
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
		end(poll, &child);
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
	end(poll, &child);
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
	end(poll, &child);
}
END_TEST

/* A status is what waitpid(2) says. */
static void
expect_same_status(void (*run)(void), const char *test)
{
	struct cmio_child child;
	int expected, status;
	pid_t pid;

	pid = fork();
	ck_assert_ok(pid);
	if (pid == 0)
		run();
	ck_assert_int_eq(waitpid(pid, &expected, 0), pid);
	pid = fork();
	ck_assert_ok(pid);
	if (pid == 0)
		run();
	await_end(pid);
	if (!is_open(&child, pid, test))
		return;
	while (cmio_child_wait(&child, &status) == -1)
		ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(status, expected);
	ck_assert_ok(cmio_close(&child.source));
}

static void
exit_by_255(void)
{
	_exit(255);
}

static void
exit_by_0(void)
{
	_exit(0);
}

static void
die_of_a_signal(void)
{
	kill(getpid(), SIGHUP);
	_exit(1);
}

/* If the system allows a core, the status says that there is one. */
static void
dump_core(void)
{
	const struct rlimit some = { 1 << 24, 1 << 24 };

	setrlimit(RLIMIT_CORE, &some);
	kill(getpid(), SIGQUIT);
	_exit(1);
}

static void
empty_folder(void)
{
	struct dirent *entry;
	DIR *folder = opendir(".");

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			unlink(entry->d_name);
	closedir(folder);
}

START_TEST(status_is_that_of_waitpid)
{
	expect_same_status(exit_by_0, __func__);
	expect_same_status(exit_by_255, __func__);
	expect_same_status(die_of_a_signal, __func__);
}
END_TEST

/* In a directory that is removed with all files, whatever their names. */
START_TEST(status_says_whether_there_is_a_core)
{
	struct temp temp;

	make_temp(&temp);
	ck_assert_ok(chdir(temp.dir));
	expect_same_status(dump_core, __func__);
	empty_folder();
	ck_assert_ok(chdir("/"));
	remove_temp(&temp);
}
END_TEST

START_TEST(status_may_be_left_out)
{
	struct cmio_child child;
	pid_t pid = start_and_end(3);

	await_end(pid);
	open_or_skip(&child, pid);
	while (cmio_child_wait(&child, NULL) == -1)
		ck_assert_int_eq(errno, EAGAIN);
	ck_assert_errno(waitpid(pid, NULL, WNOHANG), ECHILD);
	ck_assert_ok(cmio_close(&child.source));
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
	end(poll, &child);
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
		if (i == 0 && !is_open(&children[0], pid, __func__)) {
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
	end(poll, &child);
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
	end(poll, &child);
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
	end(poll, &child);
}
END_TEST

/* Children belong to the process, whichever thread forked them. */
static void
open_and_wait(void *arg)
{
	struct cmio_child child;
	pid_t pid = *(pid_t *)arg;

	if (!is_open(&child, pid, "other_thread_waits_for_a_child"))
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
	ONCE(status_is_that_of_waitpid),
	ONCE(status_says_whether_there_is_a_core),
	ONCE(status_may_be_left_out),
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
