/* SPDX-License-Identifier: MIT */
/* Bytes through TCP streams: cmio_read(3), cmio_write(3), cmio_recv(3). */
#include "sockets.h"

enum { SERVER = 5 };

START_TEST(stream_for_reading_is_silent_until_reregistered)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE);

	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &client, 9, CMIO_WRITABLE));
	wait_for(poll, 9, CMIO_WRITABLE);
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(deregistered_stream_is_silent_and_works)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	ck_assert_ok(cmio_deregister(poll, &client));
	write_text(&server, "hello");
	expect_bytes(&client, "hello");
	write_text(&client, "hello");
	expect_bytes(&server, "hello");
	expect_nothing(poll);
	unwatch_pair(poll, &client, &server);
}
END_TEST

/* Both ends on one poll; each gets EAGAIN many times. */
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
	ck_assert_ok(cmio_register(poll, &client, WATCHED, CMIO_WRITABLE));
	ck_assert_ok(cmio_register(poll, &server, SERVER, CMIO_READABLE));
	while (t.got < BIG) {
		n = cmio_poll_wait(poll, events, 4, LONG_TIME);
		ck_assert_int_gt(n, 0);
		for (i = 0; i < n; i++)
			if (events[i].token == WATCHED)
				write_more(&client, &t);
			else
				read_more(&server, &t);
	}
	ck_assert(!t.wrong);
	ck_assert_uint_eq(t.got, BIG);
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(full_stream_is_writable_when_its_peer_has_read)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);
	size_t sent, got = 0;

	sent = fill(&client);
	while (got < sent) {
		await(&server, CMIO_READABLE);
		got += drain(&server);
	}
	wait_for(poll, WATCHED, CMIO_WRITABLE);
	write_text(&client, "x");
	expect_bytes(&server, "x");
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(reading_until_eagain_brings_no_writable_event)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE | CMIO_WRITABLE);

	write_text(&server, "hello");
	wait_for(poll, WATCHED, CMIO_READABLE);
	ck_assert_uint_eq(drain(&client), 5);
	expect_nothing(poll);
	unwatch_pair(poll, &client, &server);
}
END_TEST

/* Every call that can fail with EAGAIN, then more data. */
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
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE);
	int way;

	for (way = 0; way < 6; way++) {
		write_text(&server, "x");
		wait_for(poll, WATCHED, CMIO_READABLE);
		ck_assert_int_eq(read_by(way, &client), 1);
		expect_would_block(read_by(way, &client));
	}
	expect_nothing(poll);
	unwatch_pair(poll, &client, &server);
}
END_TEST

START_TEST(peek_that_would_block_rearms)
{
	struct cmio_source client, server;
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
	    CMIO_READABLE);
	char byte;
	int i;

	for (i = 0; i < 3; i++) {
		write_text(&server, "x");
		wait_for(poll, WATCHED, CMIO_READABLE);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_PEEK), 1);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, 0), 1);
		expect_would_block(cmio_recv(&client, &byte, 1, MSG_PEEK));
	}
	unwatch_pair(poll, &client, &server);
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
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
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
		wait_for(poll, WATCHED, CMIO_WRITABLE);
	}
	unwatch_pair(poll, &client, &server);
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
	struct cmio_poll *poll = watch_tcp_pair(_i, &client, &server,
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
	unwatch_pair(poll, &client, &server);
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
	if (cmio_register(poll, &client, WATCHED, CMIO_PRIORITY) == -1) {
		unwatch_pair(poll, &client, &server);
		skip("this selector has no PRIORITY");
	}
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(cmio_send(&server, "!", 1, MSG_OOB), 1);
		wait_for(poll, WATCHED, CMIO_PRIORITY | CMIO_READABLE);
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_OOB), 1);
		ck_assert_int_eq(byte, '!');
		/* EINVAL, which rearms like EAGAIN. */
		ck_assert_int_eq(cmio_recv(&client, &byte, 1, MSG_OOB), -1);
		ck_assert(errno == EINVAL || errno == EAGAIN);
	}
	unwatch_pair(poll, &client, &server);
}
END_TEST

static const struct test tests[] = {
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
	EACH_SELECTOR(out_of_band_byte_is_priority),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tcp_data", tests);
}
