/* SPDX-License-Identifier: MIT */
/* TCP connections and their addresses: cmio_tcp_connect(3). */
#include "sockets.h"

/* A port without a listener. */
static struct cmio_addr
closed_port(void)
{
	struct cmio_source listener;
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_ok(cmio_close(&listener));
	return addr;
}

static void
smoke(int selector, const char *on)
{
	struct cmio_poll *poll = open_selector(selector);
	struct cmio_source listener, client, server;
	struct cmio_addr addr = address(on), peer;
	char buf[10];

	ck_assert_ok(cmio_tcp_listen(&listener, &addr));
	addr = local_address(&listener);
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	check_flags(&client);
	ck_assert_ok(cmio_register(poll, &client, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	ck_assert_ok(cmio_finish_connect(&client));
	ck_assert_ok(cmio_peer_addr(&client, &peer));
	check_same_address(&peer, &addr);
	expect_would_block(cmio_recv(&client, buf, sizeof(buf), MSG_PEEK));
	expect_would_block(cmio_read(&client, buf, sizeof(buf)));

	accept_one(&listener, &server);
	write_text(&client, "hello");
	expect_bytes(&server, "hello");
	write_text(&server, "world");
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_int_eq(cmio_recv(&client, buf, 3, MSG_PEEK), 3);
	ck_assert_mem_eq(buf, "wor", 3);
	ck_assert_int_eq(cmio_read(&client, buf, sizeof(buf)), 5);
	ck_assert_mem_eq(buf, "world", 5);
	ck_assert_int_eq(cmio_take_error(&client), 0);
	ck_assert_ok(cmio_close(&listener));
	unwatch_pair(poll, &client, &server);
}

START_TEST(connected_stream_is_writable_and_carries_bytes)
{
	smoke(_i, "127.0.0.1:0");
}
END_TEST

START_TEST(connected_ipv6_stream_is_writable_and_carries_bytes)
{
	if (!has_ipv6())
		skip("there is no ::1");
	smoke(_i, "[::1]:0");
}
END_TEST

START_TEST(addresses_are_known_when_the_connection_is)
{
	struct cmio_source client, server;
	struct cmio_addr a, b;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_peer_addr(&client, &a));
	b = local_address(&server);
	check_same_address(&a, &b);
	ck_assert_ok(cmio_peer_addr(&server, &a));
	b = local_address(&client);
	check_same_address(&a, &b);
	close_sources(&client, &server);
}
END_TEST

START_TEST(unfinished_connection_is_einprogress)
{
	struct cmio_source stream;
	struct cmio_addr peer = { .len = 77 };

	ck_assert_ok(cmio_socket(&stream, AF_INET, SOCK_STREAM, 0));
	ck_assert_errno(cmio_finish_connect(&stream), EINPROGRESS);
	ck_assert_errno(cmio_peer_addr(&stream, &peer), ENOTCONN);
	ck_assert_uint_eq(peer.len, 77);
	ck_assert_ok(cmio_close(&stream));
}
END_TEST

static void
expect_refused(struct cmio_poll *poll, struct cmio_source *stream)
{
	unsigned int seen;

	ck_assert_ok(cmio_register(poll, stream, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	seen = wait_for(poll, WATCHED, CMIO_WRITABLE | CMIO_WRITE_CLOSED);
	ck_assert_uint_ne(seen & CMIO_WRITABLE, 0);
	ck_assert_errno(cmio_finish_connect(stream), ECONNREFUSED);
	/* The error was cleared by that. */
	ck_assert_int_eq(cmio_take_error(stream), 0);
	ck_assert_ok(cmio_close(stream));
}

START_TEST(refused_connection_says_so_when_it_ends)
{
	struct cmio_poll *poll;
	struct cmio_source stream = CMIO_SOURCE(-5);
	struct cmio_addr addr = closed_port();

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	poll = open_selector(_i);
	/* FreeBSD may fail at once. */
	if (cmio_tcp_connect(&stream, &addr) == -1) {
		ck_assert_int_eq(errno, ECONNREFUSED);
		ck_assert(stream.fd == (cmio_fd)-5);
	} else
		expect_refused(poll, &stream);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(error_of_a_connection_can_be_taken_once)
{
	struct cmio_source stream;
	struct cmio_addr addr = closed_port();

	if (cmio_tcp_connect(&stream, &addr) == -1)
		skip("a connection is refused at once");
	await(&stream, CMIO_WRITABLE);
	ck_assert_int_eq(cmio_take_error(&stream), ECONNREFUSED);
	ck_assert_int_eq(cmio_take_error(&stream), 0);
	ck_assert_ok(cmio_close(&stream));
}
END_TEST

START_TEST(stream_may_be_registered_before_it_connects)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, server;
	struct cmio_addr addr = tcp_listen(&listener);
	struct cmio_event event;

	ck_assert_ok(cmio_socket(&client, AF_INET, SOCK_STREAM, 0));
	ck_assert_ok(cmio_register(poll, &client, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	/* Linux reports a hang-up for a socket that is not connected. */
	ck_assert_ok(cmio_poll_wait(poll, &event, 1, 0));
	ck_assert_ok(cmio_connect(&client, &addr));
	do
		wait_for(poll, WATCHED, CMIO_WRITABLE);
	while (cmio_finish_connect(&client) == -1 && errno == EINPROGRESS);
	accept_one(&listener, &server);
	ck_assert_int_eq(drain(&client), 0);
	write_text(&server, "x");
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_int_eq(drain(&client), 1);
	ck_assert_ok(cmio_close(&listener));
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(descriptor_may_be_released_and_adopted)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source client, server, adopted;
	char byte = 'v';
	struct iovec iov = { &byte, 1 };

	tcp_pair(&client, &server);
	cmio_source_init(&adopted, cmio_release(&client));
	ck_assert_ok(cmio_register(poll, &adopted, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	write_text(&adopted, "hello");
	expect_bytes(&server, "hello");
	ck_assert_int_eq(cmio_writev(&adopted, &iov, 1), 1);
	expect_bytes(&server, "v");
	write_text(&server, "x");
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_uint_eq(drain(&adopted), 1);
	unwatch_pair(poll, &adopted, &server);
}
END_TEST

START_TEST(bind_before_connect_chooses_the_address)
{
	struct cmio_source listener, client, server;
	struct cmio_addr addr = tcp_listen(&listener), own;
	struct cmio_addr peer;

	own = address("127.0.0.1:0");
	ck_assert_ok(cmio_socket(&client, AF_INET, SOCK_STREAM, 0));
	ck_assert_ok(cmio_bind(&client, &own));
	own = local_address(&client);
	ck_assert_ok(cmio_connect(&client, &addr));
	accept_one(&listener, &server);
	ck_assert_ok(cmio_peer_addr(&server, &peer));
	check_same_address(&peer, &own);
	close_sources(&client, &server);
	ck_assert_ok(cmio_close(&listener));
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source stream = CMIO_SOURCE(-1);
	struct cmio_addr addr = address("127.0.0.1:1"), wrong = addr;

	ck_assert_errno(cmio_tcp_connect(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_tcp_connect(&stream, NULL), EINVAL);
	wrong.len = sizeof(wrong.ss) + 1;
	ck_assert_errno(cmio_tcp_connect(&stream, &wrong), EINVAL);
	ck_assert_errno(cmio_connect(&stream, &wrong), EINVAL);
	wrong = address("unix:/nowhere");
	ck_assert_errno(cmio_tcp_connect(&stream, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_connect(&stream, &addr), EBADF);
	ck_assert_errno(cmio_connect(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_finish_connect(NULL), EINVAL);
	ck_assert_errno(cmio_finish_connect(&stream), EBADF);
	ck_assert_errno(cmio_take_error(NULL), EINVAL);
	ck_assert_errno(cmio_take_error(&stream), EBADF);
	ck_assert_errno(cmio_shutdown(NULL, SHUT_RD), EINVAL);
	ck_assert_errno(cmio_shutdown(&stream, SHUT_RD), EBADF);
	ck_assert_errno(cmio_local_addr(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_local_addr(&stream, NULL), EINVAL);
	ck_assert_errno(cmio_local_addr(&stream, &addr), EBADF);
	ck_assert_errno(cmio_peer_addr(&stream, &addr), EBADF);
	ck_assert_errno(cmio_set_nonblocking(NULL, 1), EINVAL);
	ck_assert_errno(cmio_set_nonblocking(&stream, 1), EBADF);
}
END_TEST

START_TEST(wrong_arguments_of_transfers_are_errors)
{
	struct cmio_source stream = CMIO_SOURCE(-1);
	struct cmio_addr addr = address("127.0.0.1:1");
	char byte = 0;

	ck_assert_errno(cmio_read(NULL, &byte, 1), EINVAL);
	ck_assert_errno(cmio_read(&stream, &byte, 1), EBADF);
	ck_assert_errno(cmio_write(NULL, &byte, 1), EINVAL);
	ck_assert_errno(cmio_write(&stream, &byte, 1), EBADF);
	ck_assert_errno(cmio_readv(NULL, NULL, 1), EINVAL);
	ck_assert_errno(cmio_writev(NULL, NULL, 1), EINVAL);
	ck_assert_errno(cmio_recv(NULL, &byte, 1, 0), EINVAL);
	ck_assert_errno(cmio_recv(&stream, &byte, 1, 0), EBADF);
	ck_assert_errno(cmio_send(NULL, &byte, 1, 0), EINVAL);
	ck_assert_errno(cmio_send(&stream, &byte, 1, 0), EBADF);
	ck_assert_errno(cmio_recvfrom(NULL, &byte, 1, 0, &addr), EINVAL);
	ck_assert_errno(cmio_sendto(NULL, &byte, 1, 0, &addr), EINVAL);
	ck_assert_errno(cmio_sendto(&stream, &byte, 1, 0, &addr), EBADF);
	ck_assert_errno(cmio_recvmsg(NULL, NULL, 0), EINVAL);
	ck_assert_errno(cmio_recvmsg(&stream, NULL, 0), EINVAL);
	ck_assert_errno(cmio_sendmsg(&stream, NULL, 0), EINVAL);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(connected_stream_is_writable_and_carries_bytes),
	EACH_SELECTOR(connected_ipv6_stream_is_writable_and_carries_bytes),
	ONCE(addresses_are_known_when_the_connection_is),
	ONCE(unfinished_connection_is_einprogress),
	EACH_SELECTOR(refused_connection_says_so_when_it_ends),
	ONCE(error_of_a_connection_can_be_taken_once),
	EACH_SELECTOR(stream_may_be_registered_before_it_connects),
	EACH_SELECTOR(descriptor_may_be_released_and_adopted),
	ONCE(bind_before_connect_chooses_the_address),
	ONCE(wrong_arguments_are_errors),
	ONCE(wrong_arguments_of_transfers_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tcp", tests);
}
