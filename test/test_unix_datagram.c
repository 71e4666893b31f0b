/* SPDX-License-Identifier: MIT */
/* AF_UNIX datagram sockets: cmio_unix_datagram(3). */
#include "sockets.h"

enum { A = 3, B = 5 };

static struct cmio_addr
bind_path(struct cmio_source *source, const struct temp *temp, int i)
{
	struct cmio_addr addr = path_address(temp, i);

	ck_assert_ok(cmio_unix_datagram(source, &addr));
	return addr;
}

START_TEST(sockets_exchange_datagrams_by_path)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr a_addr, b_addr, from;
	struct temp temp;
	char buf[10];

	make_temp(&temp);
	a_addr = bind_path(&a, &temp, 0);
	b_addr = bind_path(&b, &temp, 1);
	check_flags(&a);
	ck_assert_ok(cmio_register(poll, &a, A, CMIO_WRITABLE));
	wait_for(poll, A, CMIO_WRITABLE);
	ck_assert_ok(cmio_deregister(poll, &a));
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	expect_would_block(cmio_recvfrom(&b, buf, sizeof(buf), 0, &from));

	ck_assert_int_eq(cmio_sendto(&a, "hello", 5, 0, &b_addr), 5);
	wait_for(poll, B, CMIO_READABLE);
	ck_assert_int_eq(cmio_recvfrom(&b, buf, sizeof(buf), 0, &from), 5);
	ck_assert_mem_eq(buf, "hello", 5);
	check_same_address(&from, &a_addr);
	expect_would_block(cmio_recvfrom(&b, buf, sizeof(buf), 0, &from));

	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_int_eq(cmio_send(&a, "again", 5, 0), 5);
	wait_for(poll, B, CMIO_READABLE);
	ck_assert_int_eq(cmio_recv(&b, buf, sizeof(buf), 0), 5);
	ck_assert_mem_eq(buf, "again", 5);
	ck_assert_int_eq(cmio_take_error(&a), 0);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
	remove_temp(&temp);
}
END_TEST

START_TEST(sender_without_a_name_has_no_address)
{
	struct cmio_source a, b;
	struct cmio_addr b_addr, from;
	struct temp temp;
	char buf[10];

	make_temp(&temp);
	ck_assert_ok(cmio_unix_datagram(&a, NULL));
	check_flags(&a);
	b_addr = bind_path(&b, &temp, 0);
	ck_assert_int_eq(cmio_sendto(&a, "x", 1, 0, &b_addr), 1);
	await(&b, CMIO_READABLE);
	memset(&from, 0xff, sizeof(from));
	ck_assert_int_eq(cmio_recvfrom(&b, buf, sizeof(buf), 0, &from), 1);
	ck_assert_uint_le(from.len, sizeof(from.ss));
	ck_assert(from.ss.ss_family == AF_UNSPEC ||
	    from.ss.ss_family == AF_UNIX);
	if (from.ss.ss_family == AF_UNIX)
		ck_assert_ptr_null(cmio_addr_unix_name(&from, NULL));
	else
		ck_assert_uint_eq(from.len, 0);
	close_sources(&a, &b);
	remove_temp(&temp);
}
END_TEST

START_TEST(pair_exchanges_datagrams)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];
	char buf[10];
	int i;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	check_flags(&pair[0]);
	check_flags(&pair[1]);
	ck_assert_ok(cmio_register(poll, &pair[1], B, CMIO_READABLE));
	for (i = 0; i < 3; i++) {
		expect_would_block(cmio_recv(&pair[1], buf, 1, 0));
		write_text(&pair[0], "hello");
		wait_for(poll, B, CMIO_READABLE);
		ck_assert_int_eq(cmio_read(&pair[1], buf, sizeof(buf)), 5);
	}
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* Linux keeps the datagram, the BSDs discard it. */
START_TEST(reading_0_bytes_is_no_end)
{
	struct cmio_source pair[2];
	char buf[10];
	ssize_t n;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	write_text(&pair[0], "hello");
	await(&pair[1], CMIO_READABLE);
	ck_assert_int_eq(cmio_read(&pair[1], buf, 0), 0);
	n = cmio_read(&pair[1], buf, sizeof(buf));
	if (n == -1)
		ck_assert_int_eq(errno, EAGAIN);
	else
		ck_assert_int_eq(n, 5);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(socket_for_reading_is_silent_until_reregistered)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a;

	ck_assert_ok(cmio_unix_datagram(&a, NULL));
	ck_assert_ok(cmio_register(poll, &a, A, CMIO_READABLE));
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &a, B, CMIO_WRITABLE));
	wait_for(poll, B, CMIO_WRITABLE);
	ck_assert_ok(cmio_deregister(poll, &a));
	expect_nothing(poll);
	ck_assert_ok(cmio_close(&a));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(own_shutdown_is_an_event)
{
	struct cmio_poll *poll;
	struct cmio_source pair[2];

	skip_on(_i, "libkqueue", "a shutdown of one's own is no event");
	poll = open_selector(_i);
	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	ck_assert_ok(cmio_register(poll, &pair[0], A,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, A, CMIO_WRITABLE);
	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_RD));
	wait_for(poll, A, CMIO_READ_CLOSED);
	ck_assert_ok(cmio_shutdown(&pair[0], SHUT_WR));
	ck_assert_errno(cmio_write(&pair[0], "x", 1), EPIPE);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(closed_peer_refuses)
{
	struct cmio_source a, b;
	struct cmio_addr b_addr;
	struct temp temp;

	make_temp(&temp);
	ck_assert_ok(cmio_unix_datagram(&a, NULL));
	b_addr = bind_path(&b, &temp, 0);
	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_ok(cmio_close(&b));
	ck_assert_int_eq(cmio_send(&a, "x", 1, 0), -1);
	ck_assert(errno == ECONNREFUSED || errno == ECONNRESET);
	ck_assert_ok(cmio_close(&a));
	remove_temp(&temp);
}
END_TEST

START_TEST(full_queue_is_eagain_or_enobufs)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];
	char buf[10];
	int n = 0;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	ck_assert_ok(cmio_register(poll, &pair[0], A, CMIO_WRITABLE));
	wait_for(poll, A, CMIO_WRITABLE);
	while (cmio_write(&pair[0], "hello", 5) == 5)
		n++;
	ck_assert_int_gt(n, 0);
	/* BSD has no event for this. */
	if (errno == EAGAIN) {
		while (cmio_read(&pair[1], buf, sizeof(buf)) == 5)
			n--;
		ck_assert_int_eq(n, 0);
		wait_for(poll, A, CMIO_WRITABLE);
		write_text(&pair[0], "hello");
	} else
		ck_assert_int_eq(errno, ENOBUFS);
	close_sources(&pair[0], &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source a = CMIO_SOURCE(-5);
	struct cmio_addr addr = address("unix:/no such folder/x");
	struct cmio_addr wrong = address("127.0.0.1:0");

	ck_assert_errno(cmio_unix_datagram(NULL, NULL), EINVAL);
	ck_assert_errno(cmio_unix_datagram(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_unix_datagram(&a, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_datagram(&a, &addr), ENOENT);
	addr.len = sizeof(addr.ss) + 1;
	ck_assert_errno(cmio_unix_datagram(&a, &addr), EINVAL);
	ck_assert(a.fd == (cmio_fd)-5);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(sockets_exchange_datagrams_by_path),
	ONCE(sender_without_a_name_has_no_address),
	EACH_SELECTOR(pair_exchanges_datagrams),
	ONCE(reading_0_bytes_is_no_end),
	EACH_SELECTOR(socket_for_reading_is_silent_until_reregistered),
	EACH_SELECTOR(own_shutdown_is_an_event),
	ONCE(closed_peer_refuses),
	EACH_SELECTOR(full_queue_is_eagain_or_enobufs),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "unix_datagram", tests);
}
