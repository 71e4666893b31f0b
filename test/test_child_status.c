/* SPDX-License-Identifier: MIT */
/* The status of a child: cmio_child_wait(3). */
#include "sockets.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "children.h"

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
	if (!child_is_open(&child, pid, test))
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

static const struct test tests[] = {
	ONCE(status_is_that_of_waitpid),
	ONCE(status_says_whether_there_is_a_core),
	ONCE(status_may_be_left_out),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "child_status", tests);
}
