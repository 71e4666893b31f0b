/* SPDX-License-Identifier: MIT */
/* The end of TCP streams: closed, reset and shut down. */
#include "sockets.h"

enum { SERVER = 5 };

START_TEST(bytes_written_before_a_close_arrive)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source client, server;
	char buf[10];

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_register(poll, &server, SERVER, CMIO_WRITABLE));
	wait_for(poll, SERVER, CMIO_WRITABLE);
	write_text(&server, "12345");
	ck_assert_ok(cmio_close(&server));
	ck_assert_ok(cmio_register(poll, &client, WATCHED, CMIO_READABLE));
	wait_for(poll, WATCHED, CMIO_READABLE);
	expect_bytes(&client, "12345");
	while (cmio_read(&client, buf, sizeof(buf)) == -1)
		wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(peer_that_closes_makes_stream_readable)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE);
	char byte;

	expect_would_block(cmio_read(&client, &byte, 1));
	ck_assert_ok(cmio_close(&server));
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_int_eq(cmio_read(&client, &byte, 1), 0);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(connection_reset_before_it_is_registered_is_readable)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source client, server;
	char byte;

	tcp_pair(&client, &server);
	reset(&server);
	ck_assert_ok(cmio_register(poll, &client, WATCHED, CMIO_READABLE));
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_int_le(cmio_read(&client, &byte, 1), 0);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reset_is_read_closed_and_then_silent)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	struct cmio_event events[4];

	reset(&server);
	wait_for(poll, WATCHED, CMIO_READABLE | CMIO_READ_CLOSED);
	/* The other direction may be a separate event. */
	ck_assert_ok(cmio_poll_wait(poll, events, 4, A_WHILE));
	expect_nothing(poll);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(writing_to_a_peer_that_has_gone_fails_in_the_end)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_WRITABLE);

	ck_assert_ok(cmio_close(&server));
	while (cmio_write(&client, "x", 1) != -1 || errno == EAGAIN)
		;
	ck_assert(errno == EPIPE || errno == ECONNRESET ||
	    errno == ECONNABORTED);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(peer_that_shuts_down_writing_is_read_closed)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	unsigned int seen;
	char byte;

	expect_would_block(cmio_read(&client, &byte, 1));
	expect_nothing(poll);
	ck_assert_ok(cmio_shutdown(&server, SHUT_WR));
	seen = wait_for(poll, WATCHED, CMIO_READABLE | CMIO_READ_CLOSED);
	ck_assert_uint_eq(seen & CMIO_WRITE_CLOSED, 0);
	ck_assert_int_eq(cmio_read(&client, &byte, 1), 0);
	/* The other direction is open. */
	write_text(&client, "x");
	expect_bytes(&server, "x");
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(own_shutdown_of_reading_is_read_closed)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE);

	ck_assert_ok(cmio_shutdown(&client, SHUT_RD));
	wait_for(poll, WATCHED, CMIO_READ_CLOSED);
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(own_shutdown_of_both_is_write_closed)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	ck_assert_ok(cmio_shutdown(&client, SHUT_RDWR));
	wait_for(poll, WATCHED, CMIO_WRITE_CLOSED);
	ck_assert_errno(cmio_write(&client, "x", 1), EPIPE);
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(own_shutdown_of_writing_leaves_reading)
{
	struct cmio_source client, server;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_shutdown(&client, SHUT_WR));
	ck_assert_errno(cmio_write(&client, "x", 1), EPIPE);
	write_text(&server, "hello");
	expect_bytes(&client, "hello");
	close_sources(&client, &server);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(bytes_written_before_a_close_arrive),
	EACH_SELECTOR(peer_that_closes_makes_stream_readable),
	EACH_SELECTOR(connection_reset_before_it_is_registered_is_readable),
	EACH_SELECTOR(reset_is_read_closed_and_then_silent),
	EACH_SELECTOR(writing_to_a_peer_that_has_gone_fails_in_the_end),
	EACH_SELECTOR(peer_that_shuts_down_writing_is_read_closed),
	EACH_SELECTOR(own_shutdown_of_reading_is_read_closed),
	EACH_SELECTOR(own_shutdown_of_both_is_write_closed),
	ONCE(own_shutdown_of_writing_leaves_reading),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tcp_closing", tests);
}
