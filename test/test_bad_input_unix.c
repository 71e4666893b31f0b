/* SPDX-License-Identifier: MIT */
/*
 * Like test_bad_input.c, for the functions that only Unix has.  calls.sh checks
 * that no function is missing.
 */
#include "sockets.h"

#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include <cmio/process.h>

static const int numbers[] = { -1, -2, INT_MIN, INT_MAX, 1 << 20 };
enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

/* EBADF, or ENOTSUP on a system without such sources. */
static void
expect_no_source(int rc)
{
	ck_assert_int_eq(rc, -1);
	ck_assert(errno == EBADF || errno == ENOTSUP);
}

START_TEST(signals_need_a_set_and_a_descriptor)
{
	struct cmio_signals signals = { .source = CMIO_SOURCE(-7) };
	sigset_t set;
	int i;

	sigemptyset(&set);
	ck_assert_errno(cmio_signals_open(&signals, &set), EINVAL);
	sigaddset(&set, SIGUSR1);
	ck_assert_errno(cmio_signals_open(NULL, &set), EINVAL);
	ck_assert_errno(cmio_signals_open(&signals, NULL), EINVAL);
	ck_assert_int_eq(signals.source.fd, -7);
	ck_assert_errno(cmio_signals_take(NULL), EINVAL);
	for (i = 0; i < NUMBERS; i++) {
		cmio_source_init(&signals.source, numbers[i]);
		expect_no_source(cmio_signals_take(&signals));
	}
}
END_TEST

START_TEST(child_needs_a_pid_and_a_descriptor)
{
	struct cmio_child child = { .source = CMIO_SOURCE(-7), .pid = 1 };
	int i, status = 5;

	ck_assert_errno(cmio_child_open(NULL, 1), EINVAL);
	ck_assert_errno(cmio_child_open(&child, 0), EINVAL);
	ck_assert_errno(cmio_child_open(&child, -1), EINVAL);
	ck_assert_int_eq(child.source.fd, -7);
	ck_assert_errno(cmio_child_wait(NULL, &status), EINVAL);
	for (i = 0; i < NUMBERS; i++) {
		cmio_source_init(&child.source, numbers[i]);
		expect_no_source(cmio_child_wait(&child, &status));
		ck_assert_int_eq(status, 5);
	}
}
END_TEST

static int fds[2], room = 2;
static char buf[4];
static uid_t uid;
static gid_t gid;
static pid_t pid;

static void
fail_with(struct cmio_source *source, int error)
{
	ck_assert_errno(cmio_send_fds(source, "a", 1, fds, 0), error);
	ck_assert_errno(cmio_send_fds(source, "a", 1, fds, 1), error);
	ck_assert_errno(cmio_recv_fds(source, buf, 1, fds, &room), error);
	ck_assert_errno(cmio_peer_cred(source, &uid, &gid, &pid), error);
	ck_assert_int_eq(room, 2);
}

START_TEST(unix_sockets_are_sockets)
{
	struct cmio_source source, ends[2];
	int i;

	fail_with(NULL, EINVAL);
	for (i = 0; i < NUMBERS; i++) {
		cmio_source_init(&source, numbers[i]);
		fail_with(&source, EBADF);
	}
	ck_assert_ok(cmio_pipe(&ends[0], &ends[1]));
	fail_with(&ends[0], ENOTSOCK);
	close_sources(&ends[0], &ends[1]);
}
END_TEST

START_TEST(descriptors_have_a_byte_an_array_and_a_number)
{
	static int *const none;
	static void *const no_buf;
	struct cmio_source pair[2];
	int n;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_errno(cmio_send_fds(&pair[0], buf, 0, fds, 1), EINVAL);
	ck_assert_errno(cmio_send_fds(&pair[0], buf, 1, fds, -1), EINVAL);
	ck_assert_errno(cmio_send_fds(&pair[0], buf, 1, fds, 254), EINVAL);
	ck_assert_errno(cmio_send_fds(&pair[0], buf, 1, fds, INT_MAX), EINVAL);
	ck_assert_errno(cmio_send_fds(&pair[0], buf, 1, none, 1), EINVAL);
	ck_assert_errno(cmio_send_fds(&pair[0], no_buf, 1, none, 0), EFAULT);
	ck_assert_errno(cmio_recv_fds(&pair[0], buf, 1, fds, NULL), EINVAL);
	ck_assert_errno(cmio_recv_fds(&pair[0], buf, 0, fds, &room), EINVAL);
	ck_assert_errno(cmio_recv_fds(&pair[0], buf, 1, none, &room), EINVAL);
	n = -1;
	ck_assert_errno(cmio_recv_fds(&pair[0], buf, 1, fds, &n), EINVAL);
	n = INT_MAX;
	ck_assert_errno(cmio_recv_fds(&pair[0], buf, 1, fds, &n), EAGAIN);
	ck_assert_int_eq(n, INT_MAX);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

static const struct test tests[] = {
	ONCE(signals_need_a_set_and_a_descriptor),
	ONCE(child_needs_a_pid_and_a_descriptor),
	ONCE(unix_sockets_are_sockets),
	ONCE(descriptors_have_a_byte_an_array_and_a_number),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "bad_input_unix", tests);
}
