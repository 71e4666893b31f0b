/* SPDX-License-Identifier: MIT */
/*
 * No function of libcmio-net raises SIGPIPE on a socket, wherever the socket
 * comes from.  Each test runs with the default action, which kills.
 */
#include "sockets.h"

#include <signal.h>

enum { WAYS = 5 };

static char byte = 'x';

static ssize_t
send_by(int way, struct cmio_source *source)
{
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	switch (way) {
	case 0:
		return cmio_write(source, &byte, 1);
	case 1:
		return cmio_writev(source, &iov, 1);
	case 2:
		return cmio_send(source, &byte, 1, 0);
	case 3:
		return cmio_sendto(source, &byte, 1, 0, NULL);
	default:
		return cmio_sendmsg(source, &msg, 0);
	}
}

/* This source has no reader: each way to write fails. */
static void
write_in_vain(struct cmio_source *source)
{
	int way;

	for (way = 0; way < WAYS; way++) {
		while (send_by(way, source) == 1 || errno == EAGAIN)
			;
		ck_assert(errno == EPIPE || errno == ECONNRESET ||
		    errno == ECONNABORTED || errno == ENOTCONN);
	}
	/* Now the kernel knows that there is no reader. */
	for (way = 0; way < WAYS; way++)
		ck_assert_errno(send_by(way, source), EPIPE);
}

static void
let_it_kill(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* A source that does not record where its descriptor comes from. */
static void
adopt(struct cmio_source *source)
{
	cmio_source_init(source, cmio_release(source));
}

START_TEST(connected_socket_raises_none)
{
	struct cmio_source client, server;

	let_it_kill();
	tcp_pair(&client, &server);
	ck_assert_ok(cmio_close(&server));
	write_in_vain(&client);
	ck_assert_ok(cmio_close(&client));
}
END_TEST

START_TEST(accepted_socket_raises_none)
{
	struct cmio_source client, server;

	let_it_kill();
	tcp_pair(&client, &server);
	ck_assert_ok(cmio_close(&client));
	write_in_vain(&server);
	ck_assert_ok(cmio_close(&server));
}
END_TEST

START_TEST(accepted_unix_socket_raises_none)
{
	struct cmio_source listener, client, server;
	struct cmio_addr addr;
	struct temp temp;

	let_it_kill();
	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_unix_connect(&client, &addr));
	accept_one(&listener, &server);
	ck_assert_ok(cmio_close(&client));
	write_in_vain(&server);
	close_sources(&server, &listener);
	remove_temp(&temp);
}
END_TEST

START_TEST(paired_socket_raises_none)
{
	struct cmio_source pair[2];
	int i;

	let_it_kill();
	for (i = 0; i < 2; i++) {
		ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
		ck_assert_ok(cmio_close(&pair[!i]));
		write_in_vain(&pair[i]);
		ck_assert_ok(cmio_close(&pair[i]));
	}
}
END_TEST

START_TEST(socket_shut_down_for_writing_raises_none)
{
	struct cmio_source pair[2];

	let_it_kill();
	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_WR));
	write_in_vain(&pair[0]);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(adopted_sockets_raise_none)
{
	struct cmio_source client, server, pair[2];
	int fds[2];

	let_it_kill();
	tcp_pair(&client, &server);
	adopt(&client);
	ck_assert_ok(cmio_close(&server));
	write_in_vain(&client);
	ck_assert_ok(cmio_close(&client));
	/* One that cmio has not made. */
	ck_assert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	cmio_source_init(&pair[0], fds[0]);
	cmio_source_init(&pair[1], fds[1]);
	ck_assert_ok(cmio_set_nonblocking(&pair[0], 1));
	ck_assert_ok(cmio_close(&pair[1]));
	write_in_vain(&pair[0]);
	ck_assert_ok(cmio_close(&pair[0]));
}
END_TEST

START_TEST(pipe_raises_it_as_write_does)
{
	struct cmio_source reader, writer;
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_close(&reader));
	ck_assert_errno(cmio_write(&writer, "x", 1), EPIPE);
	ck_assert_ok(cmio_close(&writer));
	signal(SIGPIPE, before);
}
END_TEST

static const struct test tests[] = {
	ONCE(connected_socket_raises_none),
	ONCE(accepted_socket_raises_none),
	ONCE(accepted_unix_socket_raises_none),
	ONCE(paired_socket_raises_none),
	ONCE(socket_shut_down_for_writing_raises_none),
	ONCE(adopted_sockets_raise_none),
	ONCE(pipe_raises_it_as_write_does),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "sigpipe", tests);
}
