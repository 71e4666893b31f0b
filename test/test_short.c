/* SPDX-License-Identifier: MIT */
/*
 * A transfer that moved fewer bytes than it was asked to: on a stream that
 * counts as EAGAIN, so that one call an event is enough.
 */
#include "harness.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>

#include "plain.h"
#include "sockets.h"

#define R	CMIO_READABLE
#define W	CMIO_WRITABLE

static void (*const streams[])(int fds[2]) = {
	plain_pipe, plain_unix_pair, plain_tcp_pair
};
enum { STREAMS = sizeof(streams) / sizeof(streams[0]) };

/* The ways to read up to 64 bytes. */
static ssize_t
by_read(struct cmio_source *source, char *buf)
{
	return cmio_read(source, buf, 64);
}

static ssize_t
by_readv(struct cmio_source *source, char *buf)
{
	struct iovec iov[2] = {
		{ .iov_base = buf, .iov_len = 2 },
		{ .iov_base = buf + 2, .iov_len = 62 }
	};

	return cmio_readv(source, iov, 2);
}

static ssize_t
by_recv(struct cmio_source *source, char *buf)
{
	return cmio_recv(source, buf, 64, 0);
}

static ssize_t
by_recvfrom(struct cmio_source *source, char *buf)
{
	struct cmio_addr from;

	return cmio_recvfrom(source, buf, 64, 0, &from);
}

typedef ssize_t reader(struct cmio_source *source, char *buf);

/* Twice: an event, one read that is not filled, and more arrives. */
static void
one_read_is_enough(int selector, const int fds[2],
    struct cmio_source *source, reader *read_some)
{
	struct cmio_poll *poll = open_selector(selector);
	char buf[64];
	int i;

	ck_assert_ok(cmio_register(poll, source, 1, R));
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(write(fds[1], "hello", 5), 5);
		expect_event(poll, 1, R);
		ck_assert_int_eq(read_some(source, buf), 5);
		expect_nothing(poll);
	}
	ck_assert_ok(cmio_deregister(poll, source));
	cmio_poll_unref(poll);
}

START_TEST(next_bytes_after_a_short_read_are_an_event)
{
	static reader *const readers[] = {
		by_read, by_readv, by_recv, by_recvfrom
	};
	struct cmio_source source;
	int fds[2], adopt, r, s;

	for (s = 0; s < STREAMS; s++)
		for (r = 0; r < (s == 0 ? 2 : 4); r++)
			for (adopt = 0; adopt < 2; adopt++) {
				streams[s](fds);
				cmio_source_init(&source, fds[0]);
				if (adopt)
					ck_assert_ok(cmio_adopt(&source,
					    fds[0]));
				one_read_is_enough(_i, fds, &source,
				    readers[r]);
				plain_close(fds);
			}
}
END_TEST

static void
both_ways(int selector, struct cmio_source *a, struct cmio_source *b)
{
	int fds[2];

	fds[1] = b->fd;
	one_read_is_enough(selector, fds, a, by_read);
	fds[1] = a->fd;
	one_read_is_enough(selector, fds, b, by_read);
	cmio_close(a);
	cmio_close(b);
}

/* Of sources that cmio has made it knows what they are. */
START_TEST(sources_of_cmio_are_known_to_be_streams)
{
	struct cmio_source ends[2];
	struct temp temp;
	struct cmio_source listener;
	struct cmio_addr addr;
	int fds[2];

	tcp_pair(&ends[0], &ends[1]);
	both_ways(_i, &ends[0], &ends[1]);
	ck_assert_ok(cmio_unix_pair(ends, SOCK_STREAM));
	both_ways(_i, &ends[0], &ends[1]);
	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_unix_connect(&ends[0], &addr));
	accept_one(&listener, &ends[1]);
	both_ways(_i, &ends[0], &ends[1]);
	cmio_close(&listener);
	remove_temp(&temp);
	ck_assert_ok(cmio_pipe(&ends[0], &ends[1]));
	fds[1] = ends[1].fd;
	one_read_is_enough(_i, fds, &ends[0], by_read);
	cmio_close(&ends[0]);
	cmio_close(&ends[1]);
}
END_TEST

/* Until a write moves less than it was given. */
static void
write_until_short(struct cmio_source *source)
{
	static char block[100000];
	ssize_t n;

	do
		n = cmio_write(source, block, sizeof(block));
	while (n == (ssize_t)sizeof(block));
	/* Only what was short is of interest here. */
	if (n == -1)
		ck_assert_int_eq(errno, EAGAIN);
}

START_TEST(room_after_a_short_write_is_an_event)
{
	struct cmio_poll *poll;
	struct cmio_source source, peer;
	int fds[2], s, turn;

	for (s = 0; s < STREAMS; s++) {
		poll = open_selector(_i);
		streams[s](fds);
		/* The writing end of a pipe is the second. */
		cmio_source_init(&source, fds[1]);
		cmio_source_init(&peer, fds[0]);
		ck_assert_ok(cmio_register(poll, &source, 1, W));
		for (turn = 0; turn < 3; turn++) {
			expect_event(poll, 1, W);
			write_until_short(&source);
			expect_nothing(poll);
			plain_drain(&peer);
		}
		expect_event(poll, 1, W);
		ck_assert_ok(cmio_deregister(poll, &source));
		plain_close(fds);
		cmio_poll_unref(poll);
	}
}
END_TEST

/* A program that reads 0 at the end of a stream gets no event for that. */
START_TEST(end_of_a_stream_is_no_short_read)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	struct cmio_event event;
	char buf[64];
	int fds[2], s;

	for (s = 0; s < STREAMS; s++) {
		poll = open_selector(_i);
		streams[s](fds);
		cmio_source_init(&source, fds[0]);
		ck_assert_ok(cmio_register(poll, &source, 1, R));
		ck_assert_int_eq(write(fds[1], "hello", 5), 5);
		close(fds[1]);
		wait_for(poll, 1, R | CMIO_READ_CLOSED);
		ck_assert_int_eq(cmio_read(&source, buf, sizeof(buf)), 5);
		ck_assert_int_eq(cmio_read(&source, buf, sizeof(buf)), 0);
		/* The bytes were fewer than asked for: once more at most. */
		ck_assert_ok(cmio_poll_wait(poll, &event, 1, 0));
		ck_assert_int_eq(cmio_read(&source, buf, sizeof(buf)), 0);
		expect_nothing(poll);
		ck_assert_ok(cmio_deregister(poll, &source));
		close(fds[0]);
		cmio_poll_unref(poll);
	}
}
END_TEST

START_TEST(adopted_descriptor_is_nonblocking_and_closed_on_exec)
{
	struct cmio_source source = CMIO_SOURCE(-7);
	int fds[2];

	ck_assert_ok(pipe(fds));
	ck_assert_ok(cmio_adopt(&source, fds[0]));
	ck_assert_int_eq(source.fd, fds[0]);
	ck_assert_ptr_null(source.state);
	ck_assert_int_ne(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_ne(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_ok(cmio_close(&source));
	ck_assert_errno(fcntl(fds[0], F_GETFD), EBADF);
	source.fd = -7;
	ck_assert_errno(cmio_adopt(&source, fds[0]), EBADF);
	ck_assert_errno(cmio_adopt(&source, -1), EBADF);
	ck_assert(source.fd == (cmio_fd)-7);
	ck_assert_errno(cmio_adopt(NULL, fds[1]), EINVAL);
	close(fds[1]);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(next_bytes_after_a_short_read_are_an_event),
	EACH_SELECTOR(sources_of_cmio_are_known_to_be_streams),
	EACH_SELECTOR(room_after_a_short_write_is_an_event),
	EACH_SELECTOR(end_of_a_stream_is_no_short_read),
	ONCE(adopted_descriptor_is_nonblocking_and_closed_on_exec),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "short", tests);
}
