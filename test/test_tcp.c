/* SPDX-License-Identifier: MIT */
/* TCP streams: cmio_tcp_connect(3), cmio_read(3). */
#include "sockets.h"

enum { CLIENT = 3, SERVER = 5 };

/* A pair whose client is registered, and has been seen to be writable. */
static struct cmio_poll *
registered_pair(int selector, struct cmio_source *client,
    struct cmio_source *server, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(selector);

	tcp_pair(client, server);
	ck_assert_ok(cmio_register(poll, client, CLIENT, interest));
	if (interest & CMIO_WRITABLE)
		wait_for(poll, CLIENT, CMIO_WRITABLE);
	return poll;
}

static void
close_pair(struct cmio_poll *poll, struct cmio_source *client,
    struct cmio_source *server)
{
	close_sources(client, server);
	cmio_poll_unref(poll);
}

/* A port where nobody listens. */
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
	ck_assert_ok(cmio_register(poll, &client, CLIENT,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, CLIENT, CMIO_WRITABLE);
	ck_assert_ok(cmio_finish_connect(&client));
	ck_assert_ok(cmio_peer_addr(&client, &peer));
	check_same_address(&peer, &addr);
	expect_would_block(cmio_recv(&client, buf, sizeof(buf), MSG_PEEK));
	expect_would_block(cmio_read(&client, buf, sizeof(buf)));

	accept_one(&listener, &server);
	write_text(&client, "hello");
	expect_bytes(&server, "hello");
	write_text(&server, "world");
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_int_eq(cmio_recv(&client, buf, 3, MSG_PEEK), 3);
	ck_assert_mem_eq(buf, "wor", 3);
	ck_assert_int_eq(cmio_read(&client, buf, sizeof(buf)), 5);
	ck_assert_mem_eq(buf, "world", 5);
	ck_assert_int_eq(cmio_take_error(&client), 0);
	ck_assert_ok(cmio_close(&listener));
	close_pair(poll, &client, &server);
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

	ck_assert_ok(cmio_register(poll, stream, CLIENT,
	    CMIO_READABLE | CMIO_WRITABLE));
	seen = wait_for(poll, CLIENT, CMIO_WRITABLE | CMIO_WRITE_CLOSED);
	ck_assert_uint_ne(seen & CMIO_WRITABLE, 0);
	ck_assert_errno(cmio_finish_connect(stream), ECONNREFUSED);
	/* The error was taken with that. */
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
	/* FreeBSD may say so at once. */
	if (cmio_tcp_connect(&stream, &addr) == -1) {
		ck_assert_int_eq(errno, ECONNREFUSED);
		ck_assert_int_eq(stream.fd, -5);
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
	ck_assert_ok(cmio_register(poll, &client, CLIENT,
	    CMIO_READABLE | CMIO_WRITABLE));
	/* Linux says of a socket that is nothing yet that it is hung up. */
	ck_assert_ok(cmio_poll_wait(poll, &event, 1, 0));
	ck_assert_ok(cmio_connect(&client, &addr));
	do
		wait_for(poll, CLIENT, CMIO_WRITABLE);
	while (cmio_finish_connect(&client) == -1 && errno == EINPROGRESS);
	accept_one(&listener, &server);
	ck_assert_int_eq(drain(&client), 0);
	write_text(&server, "x");
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_int_eq(drain(&client), 1);
	ck_assert_ok(cmio_close(&listener));
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(stream_for_reading_is_silent_until_reregistered)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE);

	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &client, 9, CMIO_WRITABLE));
	wait_for(poll, 9, CMIO_WRITABLE);
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(deregistered_stream_is_silent_and_works)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	ck_assert_ok(cmio_deregister(poll, &client));
	write_text(&server, "hello");
	expect_bytes(&client, "hello");
	write_text(&client, "hello");
	expect_bytes(&server, "hello");
	expect_nothing(poll);
	close_pair(poll, &client, &server);
}
END_TEST

/* Both ends on one poll, each blocked again and again. */
struct transfer {
	size_t	written;
	size_t	got;
	bool	wrong;
};

enum { BIG = 16 * 1024 * 1024, BLOCK = 64 * 1024 };

static void
write_more(struct cmio_source *source, struct transfer *t)
{
	static unsigned char block[BLOCK + 256];
	size_t i, want;
	ssize_t n;

	for (i = 0; i < sizeof(block); i++)
		block[i] = (unsigned char)i;
	while (t->written < BIG) {
		want = BIG - t->written < BLOCK ? BIG - t->written : BLOCK;
		n = cmio_write(source, block + t->written % 256, want);
		if (n == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			return;
		}
		t->written += (size_t)n;
	}
}

static void
read_more(struct cmio_source *source, struct transfer *t)
{
	static unsigned char block[BLOCK];
	ssize_t i, n;

	while ((n = cmio_read(source, block, sizeof(block))) > 0)
		for (i = 0; i < n; i++)
			if (block[i] != (unsigned char)t->got++)
				t->wrong = true;
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(errno, EAGAIN);
}

START_TEST(many_bytes_pass_without_a_stall)
{
	struct cmio_poll *poll = open_selector(_i);
	struct transfer t = { 0 };
	struct cmio_source client, server;
	struct cmio_event events[4];
	int i, n;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_register(poll, &client, CLIENT, CMIO_WRITABLE));
	ck_assert_ok(cmio_register(poll, &server, SERVER, CMIO_READABLE));
	while (t.got < BIG) {
		n = cmio_poll_wait(poll, events, 4, LONG_TIME);
		ck_assert_int_gt(n, 0);
		for (i = 0; i < n; i++)
			if (events[i].token == CLIENT)
				write_more(&client, &t);
			else
				read_more(&server, &t);
	}
	ck_assert(!t.wrong);
	ck_assert_uint_eq(t.got, BIG);
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(full_stream_is_writable_when_its_peer_has_read)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	size_t sent, got = 0;

	sent = fill(&client);
	while (got < sent) {
		await(&server, CMIO_READABLE);
		got += drain(&server);
	}
	wait_for(poll, CLIENT, CMIO_WRITABLE);
	write_text(&client, "x");
	expect_bytes(&server, "x");
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(reading_until_eagain_brings_no_writable_event)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	write_text(&server, "hello");
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_uint_eq(drain(&client), 5);
	expect_nothing(poll);
	close_pair(poll, &client, &server);
}
END_TEST

/* Every call that can say EAGAIN, each followed by more data. */
static ssize_t
read_by(int way, struct cmio_source *source)
{
	char buf[10];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmio_addr from;

	switch (way) {
	case 0:
		return cmio_read(source, buf, sizeof(buf));
	case 1:
		return cmio_readv(source, &iov, 1);
	case 2:
		return cmio_recv(source, buf, sizeof(buf), 0);
	case 3:
		return cmio_recvfrom(source, buf, sizeof(buf), 0, &from);
	case 4:
		return cmio_recvfrom(source, buf, sizeof(buf), 0, NULL);
	default:
		return cmio_recvmsg(source, &msg, 0);
	}
}

START_TEST(every_way_to_read_rearms)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE);
	int way;

	for (way = 0; way < 6; way++) {
		write_text(&server, "x");
		wait_for(poll, CLIENT, CMIO_READABLE);
		ck_assert_int_eq(read_by(way, &client), 1);
		expect_would_block(read_by(way, &client));
	}
	expect_nothing(poll);
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(peek_that_would_block_rearms)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE);
	char byte;
	int i;

	for (i = 0; i < 3; i++) {
		write_text(&server, "x");
		wait_for(poll, CLIENT, CMIO_READABLE);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_PEEK), 1);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, 0), 1);
		expect_would_block(cmio_recv(&client, &byte, 1, MSG_PEEK));
	}
	close_pair(poll, &client, &server);
}
END_TEST

static ssize_t
write_by(int way, struct cmio_source *source)
{
	static char block[16384];
	struct iovec iov = { block, sizeof(block) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	switch (way) {
	case 0:
		return cmio_write(source, block, sizeof(block));
	case 1:
		return cmio_writev(source, &iov, 1);
	case 2:
		return cmio_send(source, block, sizeof(block), 0);
	case 3:
		return cmio_sendto(source, block, sizeof(block), 0, NULL);
	default:
		return cmio_sendmsg(source, &msg, 0);
	}
}

START_TEST(every_way_to_write_rearms)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_WRITABLE);
	size_t sent, got;
	ssize_t n;
	int way;

	for (way = 0; way < 5; way++) {
		for (sent = 0; (n = write_by(way, &client)) != -1;)
			sent += (size_t)n;
		ck_assert_int_eq(errno, EAGAIN);
		for (got = 0; got < sent; got += drain(&server))
			await(&server, CMIO_READABLE);
		wait_for(poll, CLIENT, CMIO_WRITABLE);
	}
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(vectors_are_filled_and_written_in_order)
{
	struct cmio_source client, server;
	char a[3], b[4], bytes[] = "abcde";
	struct iovec out[] = {
		{ bytes, 2 }, { bytes + 2, 0 }, { bytes + 2, 3 }
	};
	struct iovec in[] = { { a, sizeof(a) }, { b, sizeof(b) } };

	tcp_pair(&client, &server);
	ck_assert_int_eq(cmio_writev(&client, out, 3), 5);
	await(&server, CMIO_READABLE);
	ck_assert_int_eq(cmio_readv(&server, in, 2), 5);
	ck_assert_mem_eq(a, "abc", 3);
	ck_assert_mem_eq(b, "de", 2);
	close_sources(&client, &server);
}
END_TEST

START_TEST(vector_beyond_the_limit_is_cut_down)
{
	enum { MANY = 5000 };
	static struct iovec iov[MANY];
	static char bytes[MANY];
	struct cmio_source client, server;
	ssize_t n;
	int i;

	for (i = 0; i < MANY; i++)
		iov[i] = (struct iovec){ &bytes[i], 1 };
	tcp_pair(&client, &server);
	n = cmio_writev(&client, iov, MANY);
	ck_assert_int_ge(n, 16);
	ck_assert_int_le(n, MANY);
	await(&server, CMIO_READABLE);
	ck_assert_int_ge(cmio_readv(&server, iov, MANY), 16);
	close_sources(&client, &server);
}
END_TEST

START_TEST(vector_of_no_buffers_is_0)
{
	struct cmio_source client, server;
	struct iovec iov = { 0 };

	tcp_pair(&client, &server);
	write_text(&server, "x");
	await(&client, CMIO_READABLE);
	ck_assert_int_eq(cmio_readv(&client, &iov, 0), 0);
	ck_assert_int_eq(cmio_writev(&client, &iov, 0), 0);
	ck_assert_errno(cmio_readv(&client, &iov, -1), EINVAL);
	ck_assert_errno(cmio_writev(&client, &iov, -1), EINVAL);
	expect_bytes(&client, "x");
	close_sources(&client, &server);
}
END_TEST

START_TEST(reading_0_bytes_is_0_at_once)
{
	struct cmio_source client, server;

	tcp_pair(&client, &server);
	ck_assert_int_eq(cmio_read(&client, NULL, 0), 0);
	ck_assert_int_eq(cmio_write(&client, NULL, 0), 0);
	close_sources(&client, &server);
}
END_TEST

START_TEST(writes_after_the_first_writable_event_arrive)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_WRITABLE);
	char block[1024];
	size_t got = 0;
	int i;

	memset(block, 'x', sizeof(block));
	for (i = 0; i < 16; i++)
		ck_assert_int_eq(cmio_write(&client, block, sizeof(block)),
		    (ssize_t)sizeof(block));
	while (got < 16 * sizeof(block)) {
		await(&server, CMIO_READABLE);
		got += drain(&server);
	}
	close_pair(poll, &client, &server);
}
END_TEST

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
	ck_assert_ok(cmio_register(poll, &client, CLIENT, CMIO_READABLE));
	wait_for(poll, CLIENT, CMIO_READABLE);
	expect_bytes(&client, "12345");
	while (cmio_read(&client, buf, sizeof(buf)) == -1)
		wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(peer_that_closes_makes_stream_readable)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE);
	char byte;

	expect_would_block(cmio_read(&client, &byte, 1));
	ck_assert_ok(cmio_close(&server));
	wait_for(poll, CLIENT, CMIO_READABLE);
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
	ck_assert_ok(cmio_register(poll, &client, CLIENT, CMIO_READABLE));
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_int_le(cmio_read(&client, &byte, 1), 0);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reset_is_read_closed_and_then_silent)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	struct cmio_event events[4];

	reset(&server);
	wait_for(poll, CLIENT, CMIO_READABLE | CMIO_READ_CLOSED);
	/* The other direction may have an event of its own. */
	ck_assert_ok(cmio_poll_wait(poll, events, 4, A_WHILE));
	expect_nothing(poll);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(writing_to_a_peer_that_has_gone_fails_in_the_end)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
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
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	unsigned int seen;
	char byte;

	expect_would_block(cmio_read(&client, &byte, 1));
	expect_nothing(poll);
	ck_assert_ok(cmio_shutdown(&server, SHUT_WR));
	seen = wait_for(poll, CLIENT, CMIO_READABLE | CMIO_READ_CLOSED);
	ck_assert_uint_eq(seen & CMIO_WRITE_CLOSED, 0);
	ck_assert_int_eq(cmio_read(&client, &byte, 1), 0);
	/* The other direction is open. */
	write_text(&client, "x");
	expect_bytes(&server, "x");
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(own_shutdown_of_reading_is_read_closed)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE);

	ck_assert_ok(cmio_shutdown(&client, SHUT_RD));
	wait_for(poll, CLIENT, CMIO_READ_CLOSED);
	close_pair(poll, &client, &server);
}
END_TEST

START_TEST(own_shutdown_of_both_is_write_closed)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = registered_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	ck_assert_ok(cmio_shutdown(&client, SHUT_RDWR));
	wait_for(poll, CLIENT, CMIO_WRITE_CLOSED);
	ck_assert_errno(cmio_write(&client, "x", 1), EPIPE);
	close_pair(poll, &client, &server);
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

START_TEST(out_of_band_byte_is_priority)
{
	struct cmio_source client, server;
	struct cmio_poll *poll;
	char byte;
	int i;

	if (!has_priority(_i))
		skip("no out-of-band data");
	poll = open_selector(_i);
	tcp_pair(&client, &server);
	if (cmio_register(poll, &client, CLIENT, CMIO_PRIORITY) == -1) {
		close_pair(poll, &client, &server);
		skip("this selector has no PRIORITY");
	}
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(cmio_send(&server, "!", 1, MSG_OOB), 1);
		wait_for(poll, CLIENT, CMIO_PRIORITY | CMIO_READABLE);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_OOB), 1);
		ck_assert_int_eq(byte, '!');
		/* EINVAL, which rearms as EAGAIN does. */
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_OOB), -1);
		ck_assert(errno == EINVAL || errno == EAGAIN);
	}
	close_pair(poll, &client, &server);
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
	ck_assert_ok(cmio_register(poll, &adopted, CLIENT,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, CLIENT, CMIO_WRITABLE);
	write_text(&adopted, "hello");
	expect_bytes(&server, "hello");
	ck_assert_int_eq(cmio_writev(&adopted, &iov, 1), 1);
	expect_bytes(&server, "v");
	write_text(&server, "x");
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_uint_eq(drain(&adopted), 1);
	close_pair(poll, &adopted, &server);
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
	char byte = 0;

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
	EACH_SELECTOR(stream_for_reading_is_silent_until_reregistered),
	EACH_SELECTOR(deregistered_stream_is_silent_and_works),
	EACH_SELECTOR(many_bytes_pass_without_a_stall),
	EACH_SELECTOR(full_stream_is_writable_when_its_peer_has_read),
	EACH_SELECTOR(reading_until_eagain_brings_no_writable_event),
	EACH_SELECTOR(every_way_to_read_rearms),
	EACH_SELECTOR(peek_that_would_block_rearms),
	EACH_SELECTOR(every_way_to_write_rearms),
	ONCE(vectors_are_filled_and_written_in_order),
	ONCE(vector_beyond_the_limit_is_cut_down),
	ONCE(vector_of_no_buffers_is_0),
	ONCE(reading_0_bytes_is_0_at_once),
	EACH_SELECTOR(writes_after_the_first_writable_event_arrive),
	EACH_SELECTOR(bytes_written_before_a_close_arrive),
	EACH_SELECTOR(peer_that_closes_makes_stream_readable),
	EACH_SELECTOR(connection_reset_before_it_is_registered_is_readable),
	EACH_SELECTOR(reset_is_read_closed_and_then_silent),
	EACH_SELECTOR(writing_to_a_peer_that_has_gone_fails_in_the_end),
	EACH_SELECTOR(peer_that_shuts_down_writing_is_read_closed),
	EACH_SELECTOR(own_shutdown_of_reading_is_read_closed),
	EACH_SELECTOR(own_shutdown_of_both_is_write_closed),
	ONCE(own_shutdown_of_writing_leaves_reading),
	EACH_SELECTOR(out_of_band_byte_is_priority),
	EACH_SELECTOR(descriptor_may_be_released_and_adopted),
	ONCE(bind_before_connect_chooses_the_address),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tcp", tests);
}
