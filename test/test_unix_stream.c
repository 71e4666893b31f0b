/* SPDX-License-Identifier: MIT */
/* AF_UNIX streams: cmio_unix_connect(3), cmio_unix_pair(3). */
#include "sockets.h"

static struct cmio_poll *
watch_unix_pair(int selector, struct cmio_source pair[2],
    unsigned int interest)
{
	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	return watch_source(selector, &pair[0], interest);
}

START_TEST(connected_stream_is_writable_and_carries_bytes)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, server;
	struct cmio_addr addr, peer;
	struct temp temp;
	char byte;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_unix_connect(&client, &addr));
	check_flags(&client);
	ck_assert_ok(cmio_register(poll, &client, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	ck_assert_ok(cmio_finish_connect(&client));
	expect_would_block(cmio_read(&client, &byte, 1));
	accept_one(&listener, &server);
	check_flags(&server);
	write_text(&client, "hello");
	expect_bytes(&server, "hello");
	write_text(&server, "world");
	wait_for(poll, WATCHED, CMIO_READABLE);
	expect_bytes(&client, "world");
	ck_assert_int_eq(cmio_take_error(&client), 0);

	ck_assert_ok(cmio_peer_addr(&client, &peer));
	check_same_address(&peer, &addr);
	peer = local_address(&client);
	ck_assert_ptr_null(cmio_addr_unix_name(&peer, NULL));

	expect_would_block(cmio_read(&client, &byte, 1));
	ck_assert_ok(cmio_close(&server));
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_int_eq(cmio_read(&client, &byte, 1), 0);
	close_sources(&client, &listener);
	cmio_poll_unref(poll);
	remove_temp(&temp);
}
END_TEST

START_TEST(pair_carries_bytes_both_ways)
{
	struct cmio_source pair[2];
	char byte;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	check_flags(&pair[0]);
	check_flags(&pair[1]);
	expect_would_block(cmio_read(&pair[0], &byte, 1));
	write_text(&pair[0], "hello");
	expect_bytes(&pair[1], "hello");
	write_text(&pair[1], "world");
	expect_bytes(&pair[0], "world");
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(pair_may_be_of_messages)
{
	struct cmio_source pair[2];
	char buf[10];

	if (cmio_unix_pair(pair, SOCK_SEQPACKET) == -1)
		skip("there are no pairs of SOCK_SEQPACKET");
	check_flags(&pair[0]);
	write_text(&pair[0], "ab");
	write_text(&pair[0], "c");
	await(&pair[1], CMIO_READABLE);
	ck_assert_int_eq(cmio_read(&pair[1], buf, sizeof(buf)), 2);
	ck_assert_int_eq(cmio_read(&pair[1], buf, sizeof(buf)), 1);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(each_byte_after_eagain_is_an_event)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair,
	    CMIO_READABLE | CMIO_WRITABLE);
	int i;

	for (i = 0; i < 3; i++) {
		write_text(&pair[1], "x");
		wait_for(poll, WATCHED, CMIO_READABLE);
		ck_assert_uint_eq(drain(&pair[0]), 1);
		expect_nothing(poll);
	}
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

START_TEST(full_stream_is_writable_when_its_peer_has_read)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair, CMIO_WRITABLE);
	size_t sent, got = 0;

	sent = fill(&pair[0]);
	while (got < sent) {
		await(&pair[1], CMIO_READABLE);
		got += drain(&pair[1]);
	}
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	write_text(&pair[0], "x");
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

START_TEST(stream_for_reading_is_silent_until_reregistered)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair, CMIO_READABLE);

	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &pair[0], 9, CMIO_WRITABLE));
	wait_for(poll, 9, CMIO_WRITABLE);
	ck_assert_ok(cmio_deregister(poll, &pair[0]));
	write_text(&pair[1], "x");
	expect_nothing(poll);
	expect_bytes(&pair[0], "x");
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

START_TEST(own_shutdown_of_reading_is_read_closed)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair, CMIO_READABLE);

	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_RD));
	wait_for(poll, WATCHED, CMIO_READ_CLOSED);
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

START_TEST(own_shutdown_of_writing_leaves_reading)
{
	struct cmio_source pair[2];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_WR));
	ck_assert_errno(cmio_write(&pair[0], "x", 1), EPIPE);
	write_text(&pair[1], "hello");
	expect_bytes(&pair[0], "hello");
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(own_shutdown_of_both_is_write_closed)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair,
	    CMIO_READABLE | CMIO_WRITABLE);

	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_RDWR));
	wait_for(poll, WATCHED, CMIO_WRITE_CLOSED);
	ck_assert_errno(cmio_write(&pair[0], "x", 1), EPIPE);
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

START_TEST(peer_that_shuts_down_writing_is_read_closed)
{
	struct cmio_source pair[2];
	struct cmio_poll *poll = watch_unix_pair(_i, pair,
	    CMIO_READABLE | CMIO_WRITABLE);
	char byte;

	ck_assert_ok(cmio_shutdown(&pair[1], SHUT_WR));
	wait_for(poll, WATCHED, CMIO_READABLE | CMIO_READ_CLOSED);
	ck_assert_int_eq(cmio_read(&pair[0], &byte, 1), 0);
	unwatch_pair(poll, &pair[0], &pair[1]);
}
END_TEST

/* Linux fails with EAGAIN, but there would be no event. */
START_TEST(full_queue_of_a_listener_is_never_eagain)
{
	enum { MOST = 30 };
	struct cmio_source listener, clients[MOST];
	struct cmio_addr addr;
	struct temp temp;
	int i, n;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_socket(&listener, AF_UNIX, SOCK_STREAM, 0));
	ck_assert_ok(cmio_bind(&listener, &addr));
	ck_assert_ok(cmio_listen(&listener, 1));
	for (n = 0; n < MOST; n++)
		if (cmio_unix_connect(&clients[n], &addr) == -1)
			break;
	if (n < MOST) {
		ck_assert(errno == ENOBUFS || errno == ECONNREFUSED);
		ck_assert_ok(cmio_socket(&clients[n], AF_UNIX, SOCK_STREAM,
		    0));
		ck_assert_int_eq(cmio_connect(&clients[n], &addr), -1);
		ck_assert(errno == ENOBUFS || errno == ECONNREFUSED);
		n++;
	}
	for (i = 0; i < n; i++)
		ck_assert_ok(cmio_close(&clients[i]));
	ck_assert_ok(cmio_close(&listener));
	remove_temp(&temp);
}
END_TEST

START_TEST(connecting_to_nobody_fails_at_once)
{
	struct cmio_source stream = CMIO_SOURCE(-5);
	struct cmio_addr addr;
	struct temp temp;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_errno(cmio_unix_connect(&stream, &addr), ENOENT);
	ck_assert(stream.fd == (cmio_fd)-5);
	remove_temp(&temp);
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source stream, pair[2];
	struct cmio_addr addr = address("unix:/nowhere"), wrong = addr;

	ck_assert_errno(cmio_unix_connect(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_unix_connect(&stream, NULL), EINVAL);
	wrong.len = sizeof(wrong.ss) + 1;
	ck_assert_errno(cmio_unix_connect(&stream, &wrong), EINVAL);
	wrong = address("127.0.0.1:1");
	ck_assert_errno(cmio_unix_connect(&stream, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_pair(NULL, SOCK_STREAM), EINVAL);
	ck_assert_int_eq(cmio_unix_pair(pair, 9999), -1);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(connected_stream_is_writable_and_carries_bytes),
	ONCE(pair_carries_bytes_both_ways),
	ONCE(pair_may_be_of_messages),
	EACH_SELECTOR(each_byte_after_eagain_is_an_event),
	EACH_SELECTOR(full_stream_is_writable_when_its_peer_has_read),
	EACH_SELECTOR(stream_for_reading_is_silent_until_reregistered),
	EACH_SELECTOR(own_shutdown_of_reading_is_read_closed),
	ONCE(own_shutdown_of_writing_leaves_reading),
	EACH_SELECTOR(own_shutdown_of_both_is_write_closed),
	EACH_SELECTOR(peer_that_shuts_down_writing_is_read_closed),
	ONCE(full_queue_of_a_listener_is_never_eagain),
	ONCE(connecting_to_nobody_fails_at_once),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "unix_stream", tests);
}
