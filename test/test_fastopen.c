/* SPDX-License-Identifier: MIT */
/*
 * TCP Fast Open: connections that the first write makes, and that nothing but
 * a write makes.
 */
#include "sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

static void
get_port(struct cmio_addr *addr, struct cmio_source *listener)
{
	*addr = address("127.0.0.1:0");
	ck_assert_ok(cmio_tcp_listen(listener, addr));
	*addr = local_address(listener);
}

/* A socket that sends nothing before it is written to. */
static void
defer(struct cmio_source *stream)
{
	bool can = false;

#if defined(TCP_FASTOPEN_CONNECT) && defined(TCP_FASTOPEN_NO_COOKIE)
	int one = 1;

	ck_assert_ok(cmio_socket(stream, AF_INET, SOCK_STREAM, 0));
	can = setsockopt(stream->fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &one,
	    sizeof(one)) == 0 && setsockopt(stream->fd, IPPROTO_TCP,
	    TCP_FASTOPEN_NO_COOKIE, &one, sizeof(one)) == 0;
	if (!can)
		ck_assert_ok(cmio_close(stream));
#else
	(void)stream;
#endif
	if (!can)
		skip("no TCP_FASTOPEN_CONNECT without a cookie");
}

/* What the page says: one event, then the result, then write. */
static void
connect_deferred(struct cmio_poll *poll, struct cmio_source *stream,
    const struct cmio_addr *peer)
{
	ck_assert_ok(cmio_connect(stream, peer));
	ck_assert_ok(cmio_register(poll, stream, WATCHED,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	ck_assert_ok(cmio_finish_connect(stream));
}

START_TEST(deferred_connection_is_made_by_the_first_write)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, server;
	struct cmio_addr addr;

	defer(&client);
	get_port(&addr, &listener);
	connect_deferred(poll, &client, &addr);
	expect_nothing(poll);
	ck_assert_int_eq(cmio_write(&client, "hello", 5), 5);
	accept_one(&listener, &server);
	expect_bytes(&server, "hello");
	ck_assert_ok(cmio_finish_connect(&client));
	write_text(&server, "world");
	wait_for(poll, WATCHED, CMIO_READABLE);
	expect_bytes(&client, "world");
	ck_assert_ok(cmio_close(&listener));
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(deferred_connection_to_nobody_fails_after_the_write)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client;
	struct cmio_addr addr;
	char byte;

	defer(&client);
	get_port(&addr, &listener);
	ck_assert_ok(cmio_close(&listener));
	connect_deferred(poll, &client, &addr);
	expect_nothing(poll);
	ck_assert_int_eq(cmio_write(&client, "hello", 5), 5);
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_errno(cmio_read(&client, &byte, 1), ECONNREFUSED);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

/* The kernel calls a stream writable that nobody has connected. */
START_TEST(stream_that_was_never_connected_is_not_deferred)
{
	struct cmio_source client;

	defer(&client);
	ck_assert_errno(cmio_finish_connect(&client), EINPROGRESS);
	ck_assert_ok(cmio_close(&client));
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(deferred_connection_is_made_by_the_first_write),
	EACH_SELECTOR(deferred_connection_to_nobody_fails_after_the_write),
	ONCE(stream_that_was_never_connected_is_not_deferred),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "fastopen", tests);
}
