/* SPDX-License-Identifier: MIT */
/* Descriptors along with data: cmio_send_fds(3), cmio_recv_fds(3). */
#include "sockets.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "descriptors.h"

enum { TOKEN = 3, MOST = 253 };

/* Any file will do. */
static void
open_files(int *fds, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		fds[i] = open("/", O_RDONLY);
		ck_assert_ok(fds[i]);
	}
}

static void
close_all(const int *fds, int n)
{
	while (n > 0)
		ck_assert_ok(close(fds[--n]));
}

static bool
same_file(int a, int b)
{
	struct stat one, other;

	ck_assert_ok(fstat(a, &one));
	ck_assert_ok(fstat(b, &other));
	return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static ssize_t
send_text(struct cmio_source *source, const char *text, const int *fds, int n)
{
	return cmio_send_fds(source, text, strlen(text), fds, n);
}

START_TEST(descriptors_arrive_with_their_bytes)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];
	int fds[2], got[4] = { -1, -1, -1, -1 }, n = 4, i;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(cmio_register(poll, &pair[1], TOKEN, CMIO_READABLE));
	ck_assert_errno(cmio_recv_fds(&pair[1], buf, 8, got, &n), EAGAIN);
	ck_assert_int_eq(n, 4);
	ck_assert_ok(pipe(fds));
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(send_text(&pair[0], "abc", fds, 2), 3);
		wait_for(poll, TOKEN, CMIO_READABLE);
		n = 4;
		ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, got, &n), 3);
		ck_assert_int_eq(memcmp(buf, "abc", 3), 0);
		ck_assert_int_eq(n, 2);
		ck_assert(same_file(got[0], fds[0]));
		ck_assert(same_file(got[1], fds[1]));
		ck_assert_int_eq(got[2], -1);
		ck_assert(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
		ck_assert(fcntl(got[1], F_GETFD) & FD_CLOEXEC);
		close_all(got, 2);
		ck_assert_errno(cmio_recv_fds(&pair[1], buf, 8, got, &n),
		    EAGAIN);
	}
	close_all(fds, 2);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(bytes_need_no_descriptors)
{
	struct cmio_source pair[2];
	int got[2], n = 2;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_int_eq(send_text(&pair[0], "abc", NULL, 0), 3);
	ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, got, &n), 3);
	ck_assert_int_eq(n, 0);
	ck_assert_ok(cmio_close(&pair[0]));
	n = 2;
	ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, got, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_ok(cmio_close(&pair[1]));
}
END_TEST

/* The harness counts what is left open. */
START_TEST(descriptors_without_room_are_closed)
{
	struct cmio_source pair[2];
	int fds[5], got[5], room, n, before;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	open_files(fds, 5);
	for (room = 0; room <= 5; room++) {
		ck_assert_int_eq(send_text(&pair[0], "abc", fds, 5), 3);
		before = open_descriptors();
		n = room;
		ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8,
		    room == 0 ? NULL : got, &n), 3);
		ck_assert_int_eq(n, room);
		ck_assert_int_eq(open_descriptors(), before + room);
		close_all(got, n);
	}
	close_all(fds, 5);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(datagram_carries_descriptors)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];
	int fds[2], got[2], n = 2;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	ck_assert_ok(cmio_register(poll, &pair[1], TOKEN, CMIO_READABLE));
	open_files(fds, 2);
	ck_assert_int_eq(send_text(&pair[0], "abcdef", fds, 2), 6);
	ck_assert_int_eq(send_text(&pair[0], "x", fds, 1), 1);
	wait_for(poll, TOKEN, CMIO_READABLE);
	/* A datagram that is cut off brings its descriptors all the same. */
	ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 3, got, &n), 3);
	ck_assert_int_eq(n, 2);
	close_all(got, 2);
	ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, got, &n), 1);
	ck_assert_int_eq(n, 1);
	close_all(got, 1);
	ck_assert_errno(cmio_recv_fds(&pair[1], buf, 8, got, &n), EAGAIN);
	close_all(fds, 2);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* How many of them go: all on Linux, but for musl, whose buffer ends before. */
static int
send_most(struct cmio_source *source, const int *fds)
{
	if (send_text(source, "a", fds, MOST) == 1)
		return MOST;
#ifdef __linux__
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_int_eq(send_text(source, "a", fds, MOST - 1), 1);
	return MOST - 1;
#else
	return 0;
#endif
}

START_TEST(as_many_descriptors_go_at_once_as_the_kernel_takes)
{
	struct cmio_source pair[2];
	int fds[MOST + 1], got[MOST], most, n = MOST;
	char buf[8];

	if (!room_for_descriptors(2 * MOST + 3))
		skip("too few descriptors");
	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	open_files(fds, MOST + 1);
	ck_assert_errno(send_text(&pair[0], "a", fds, MOST + 1), EINVAL);
	most = send_most(&pair[0], fds);
	if (most != 0) {
		ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, got, &n), 1);
		ck_assert_int_eq(n, most);
		close_all(got, n);
	}
	close_all(fds, MOST + 1);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

/* With others that the program has asked for. */
START_TEST(other_control_messages_are_passed_over)
{
#ifdef SO_PASSCRED
	const int on = 1;
	struct cmio_source pair[2];
	int fd, got, n = 1;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(setsockopt(pair[1].fd, SOL_SOCKET, SO_PASSCRED, &on,
	    sizeof(on)));
	open_files(&fd, 1);
	ck_assert_int_eq(send_text(&pair[0], "a", &fd, 1), 1);
	ck_assert_int_eq(cmio_recv_fds(&pair[1], buf, 8, &got, &n), 1);
	ck_assert_int_eq(n, 1);
	ck_assert(same_file(fd, got));
	close_all(&got, 1);
	close_all(&fd, 1);
	close_sources(&pair[0], &pair[1]);
#else
	skip("there is no SO_PASSCRED");
#endif
}
END_TEST

/* If the rest has to wait, the descriptors went with the first bytes. */
START_TEST(full_socket_takes_descriptors_once)
{
	enum { SIZE = 1 << 20 };
	static char data[SIZE], back[SIZE];
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];
	int fd, got, n = 1;
	ssize_t sent;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(cmio_set_send_buffer_size(&pair[0], 20000));
	ck_assert_ok(cmio_register(poll, &pair[0], TOKEN, CMIO_WRITABLE));
	open_files(&fd, 1);
	sent = cmio_send_fds(&pair[0], data, SIZE, &fd, 1);
	ck_assert_int_gt(sent, 0);
	ck_assert_int_lt(sent, SIZE);
	fill(&pair[0]);
	while (cmio_poll_wait(poll, &(struct cmio_event){ 0 }, 1, 0) != 0)
		continue;
	ck_assert_errno(cmio_send_fds(&pair[0], data, SIZE, &fd, 1), EAGAIN);
	ck_assert_int_gt(cmio_recv_fds(&pair[1], back, SIZE, &got, &n), 0);
	ck_assert_int_eq(n, 1);
	close_all(&got, 1);
	drain(&pair[1]);
	wait_for(poll, TOKEN, CMIO_WRITABLE);
	ck_assert_int_gt(cmio_send_fds(&pair[0], data, 1, &fd, 1), 0);
	ck_assert_int_gt(cmio_recv_fds(&pair[1], back, SIZE, &got, &n), 0);
	ck_assert_int_eq(n, 1);
	close_all(&got, 1);
	close_all(&fd, 1);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(peer_that_has_gone_raises_no_signal)
{
	struct cmio_source pair[2];
	int fd;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	open_files(&fd, 1);
	ck_assert_ok(cmio_close(&pair[1]));
	ck_assert_errno(send_text(&pair[0], "a", &fd, 1), EPIPE);
	close_all(&fd, 1);
	ck_assert_ok(cmio_close(&pair[0]));
}
END_TEST

START_TEST(closed_descriptor_is_not_sent)
{
	struct cmio_source pair[2];
	int fds[2], got[2], n = 2;
	char buf[8];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	open_files(fds, 2);
	ck_assert_ok(close(fds[1]));
	ck_assert_errno(send_text(&pair[0], "a", fds, 2), EBADF);
	ck_assert_errno(cmio_recv_fds(&pair[1], buf, 8, got, &n), EAGAIN);
	close_all(fds, 1);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(descriptors_arrive_with_their_bytes),
	ONCE(bytes_need_no_descriptors),
	ONCE(descriptors_without_room_are_closed),
	EACH_SELECTOR(datagram_carries_descriptors),
	ONCE(as_many_descriptors_go_at_once_as_the_kernel_takes),
	ONCE(other_control_messages_are_passed_over),
	EACH_SELECTOR(full_socket_takes_descriptors_once),
	ONCE(peer_that_has_gone_raises_no_signal),
	ONCE(closed_descriptor_is_not_sent),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "fds", tests);
}
