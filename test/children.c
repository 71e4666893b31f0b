/* SPDX-License-Identifier: MIT */
#include "children.h"

#include <sys/wait.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <sys/utsname.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* The pipe of the latest child, which a test that is skipped leaves open. */
static int latest_gate = -1;

pid_t
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

pid_t
start_and_end(int status)
{
	pid_t pid = fork();

	ck_assert_ok(pid);
	if (pid == 0)
		_exit(status);
	latest_gate = -1;
	return pid;
}

void
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

bool
child_is_open(struct cmio_child *child, pid_t pid, const char *test)
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

struct cmio_poll *
watch_child(int i, struct cmio_child *child, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_register(poll, &child->source, TOKEN, interest));
	return poll;
}

void
end_child(struct cmio_poll *poll, struct cmio_child *child)
{
	ck_assert_ok(cmio_close(&child->source));
	ck_assert_errno(cmio_child_wait(child, NULL), EBADF);
	cmio_poll_unref(poll);
}

void
expect_exit(struct cmio_child *child, int expected)
{
	int status = -1;

	ck_assert_ok(cmio_child_wait(child, &status));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), expected);
	ck_assert_errno(waitpid(child->pid, &status, WNOHANG), ECHILD);
	ck_assert_errno(cmio_child_wait(child, &status), ECHILD);
}
