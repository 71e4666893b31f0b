/* SPDX-License-Identifier: MIT */
/* A child process inherits no descriptors. */
#include "sockets.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/waker.h>

enum { MOST = 32, HIGHEST = 1024, NOT_RUN = 126 };

static char *program;

/*
 * The other half of the next test, in a program that was executed: the
 * arguments are descriptors, and none of them may be open.
 */
static int
check_closed(char **argv)
{
	for (; *argv != NULL; argv++)
		if (fcntl(atoi(*argv), F_GETFD) != -1)
			return 1;
	return 0;
}

static int
run_with(const int *fds, int n)
{
	char numbers[MOST][12], option[] = "--closed", *argv[MOST + 3];
	int i, status;
	pid_t child;

	argv[0] = program;
	argv[1] = option;
	for (i = 0; i < n; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", fds[i]);
		argv[i + 2] = numbers[i];
	}
	argv[n + 2] = NULL;
	child = fork();
	ck_assert_ok(child);
	if (child == 0) {
		execv(program, argv);
		_exit(NOT_RUN);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* One of each kind; returns how many. */
static int
make_all(struct cmio_source *all, const struct temp *temp)
{
	struct cmio_addr path = path_address(temp, 0), addr;
	int n = 8;

	addr = tcp_listen(&all[0]);
	ck_assert_ok(cmio_tcp_connect(&all[1], &addr));
	accept_one(&all[0], &all[2]);
	udp_bind(&all[3]);
	ck_assert_ok(cmio_socket(&all[4], AF_INET, SOCK_DGRAM, 0));
	ck_assert_ok(cmio_unix_listen(&all[5], &path));
	ck_assert_ok(cmio_unix_connect(&all[6], &path));
	accept_one(&all[5], &all[7]);
	ck_assert_ok(cmio_unix_datagram(&all[n++], NULL));
	ck_assert_ok(cmio_unix_pair(&all[n], SOCK_STREAM));
	n += 2;
	ck_assert_ok(cmio_pipe(&all[n], &all[n + 1]));
	return n + 2;
}

/* The descriptors that were opened since, also by the library itself. */
static int
find_new(const bool *was_open, int *fds)
{
	int fd, n = 0;

	for (fd = 0; fd < HIGHEST && n < MOST; fd++)
		if (!was_open[fd] && fcntl(fd, F_GETFD) != -1)
			fds[n++] = fd;
	return n;
}

START_TEST(program_that_is_executed_has_none_of_the_descriptors)
{
	bool was_open[HIGHEST];
	struct cmio_source all[MOST];
	struct cmio_poll *poll;
	struct cmio_waker *waker;
	struct temp temp;
	int fd, fds[MOST], i, n, status;

	for (fd = 0; fd < HIGHEST; fd++)
		was_open[fd] = fcntl(fd, F_GETFD) != -1;
	make_temp(&temp);
	poll = open_selector(_i);
	waker = cmio_waker_new(poll, 1);
	ck_assert_ptr_nonnull(waker);
	n = make_all(all, &temp);
	for (i = 0; i < n; i++)
		check_flags(&all[i]);
	ck_assert_int_ge(find_new(was_open, fds), n);
	status = run_with(fds, find_new(was_open, fds));
	for (i = 0; i < n; i++)
		ck_assert_ok(cmio_close(&all[i]));
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
	remove_temp(&temp);
	if (status == NOT_RUN)
		skip("this program cannot be executed again");
	ck_assert_int_eq(status, 0);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(program_that_is_executed_has_none_of_the_descriptors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--closed") == 0)
		return check_closed(argv + 2);
	program = argv[0];
	return run_tests(argc, argv, "exec", tests);
}
