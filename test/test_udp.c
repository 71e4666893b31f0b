/* SPDX-License-Identifier: MIT */
/* UDP sockets: cmio_udp_bind(3), cmio_recvfrom(3). */
#include "sockets.h"

#include <net/if.h>
#include <netinet/in.h>

enum { A = 3, B = 5 };

/* Receives a datagram and its sender; waits with source's poll. */
static void
expect_datagram(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, const char *text, const struct cmio_addr *sender)
{
	struct cmio_addr from;
	char buf[100];
	ssize_t n;

	while ((n = cmio_recvfrom(source, buf, sizeof(buf), 0, &from)) == -1) {
		ck_assert_int_eq(errno, EAGAIN);
		wait_for(poll, token, CMIO_READABLE);
	}
	ck_assert_int_eq(n, (ssize_t)strlen(text));
	ck_assert_mem_eq(buf, text, strlen(text));
	check_same_address(&from, sender);
}

static void
expect_no_datagram(struct cmio_source *source)
{
	struct cmio_addr from;
	char byte;

	expect_would_block(cmio_recvfrom(source, &byte, 1, 0, &from));
	expect_would_block(cmio_recvfrom(source, &byte, 1, MSG_PEEK, NULL));
	expect_would_block(cmio_recv(source, &byte, 1, 0));
	expect_would_block(cmio_recv(source, &byte, 1, MSG_PEEK));
}

static void
send_to(struct cmio_source *source, const char *text,
    const struct cmio_addr *to)
{
	ck_assert_int_eq(cmio_sendto(source, text, strlen(text), 0, to),
	    (ssize_t)strlen(text));
}

static void
smoke(int selector, const char *on, bool connected)
{
	struct cmio_poll *poll = open_selector(selector);
	struct cmio_source a, b;
	struct cmio_addr addr = address(on), a_addr, b_addr, peer;
	char buf[10];

	ck_assert_ok(cmio_udp_bind(&a, &addr));
	ck_assert_ok(cmio_udp_bind(&b, &addr));
	check_flags(&a);
	a_addr = local_address(&a);
	b_addr = local_address(&b);
	if (connected) {
		ck_assert_ok(cmio_connect(&a, &b_addr));
		ck_assert_ok(cmio_connect(&b, &a_addr));
		ck_assert_ok(cmio_peer_addr(&a, &peer));
		check_same_address(&peer, &b_addr);
	} else
		ck_assert_errno(cmio_peer_addr(&a, &peer), ENOTCONN);
	ck_assert_ok(cmio_register(poll, &a, A,
	    CMIO_READABLE | CMIO_WRITABLE));
	wait_for(poll, A, CMIO_WRITABLE);
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	expect_no_datagram(&a);
	expect_no_datagram(&b);

	if (connected)
		ck_assert_int_eq(cmio_send(&a, "hello", 5, 0), 5);
	else
		send_to(&a, "hello", &b_addr);
	/* On kqueue writing may report a as writable again. */
	ck_assert_ok(cmio_deregister(poll, &a));
	wait_for(poll, B, CMIO_READABLE);
	ck_assert_int_eq(cmio_recvfrom(&b, buf, sizeof(buf), MSG_PEEK,
	    &peer), 5);
	check_same_address(&peer, &a_addr);
	expect_datagram(poll, &b, B, "hello", &a_addr);
	expect_no_datagram(&b);
	ck_assert_int_eq(cmio_take_error(&a), 0);
	ck_assert_int_eq(cmio_take_error(&b), 0);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}

START_TEST(unconnected_sockets_exchange_datagrams)
{
	smoke(_i, "127.0.0.1:0", false);
}
END_TEST

START_TEST(connected_sockets_exchange_datagrams)
{
	smoke(_i, "127.0.0.1:0", true);
}
END_TEST

START_TEST(ipv6_sockets_exchange_datagrams)
{
	if (!has_ipv6())
		skip("there is no ::1");
	smoke(_i, "[::1]:0", false);
	smoke(_i, "[::1]:0", true);
}
END_TEST

START_TEST(empty_datagram_is_an_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b), from;
	char byte;

	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	ck_assert_int_eq(cmio_sendto(&a, NULL, 0, 0, &b_addr), 0);
	wait_for(poll, B, CMIO_READABLE);
	ck_assert_int_eq(cmio_recvfrom(&b, &byte, 1, 0, &from), 0);
	check_same_address(&from, &a_addr);
	expect_no_datagram(&b);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(each_datagram_after_eagain_is_an_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr b_addr, from;
	char byte;
	int i;

	udp_bind(&a);
	b_addr = udp_bind(&b);
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	for (i = 0; i < 4; i++) {
		send_to(&a, "x", &b_addr);
		wait_for(poll, B, CMIO_READABLE);
		if (i % 2 == 0) {
			ck_assert_int_eq(cmio_recv(&b, &byte, 1, 0), 1);
			expect_would_block(cmio_recv(&b, &byte, 1, 0));
		} else {
			ck_assert_int_eq(cmio_recvfrom(&b, &byte, 1, 0,
			    &from), 1);
			expect_would_block(cmio_recvfrom(&b, &byte, 1, 0,
			    &from));
		}
		expect_nothing(poll);
	}
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(connecting_again_changes_where_datagrams_go)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b, c;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	struct cmio_addr c_addr = udp_bind(&c);

	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_int_eq(cmio_send(&a, "b", 1, 0), 1);
	expect_datagram(poll, &b, B, "b", &a_addr);
	ck_assert_ok(cmio_deregister(poll, &b));
	ck_assert_ok(cmio_register(poll, &c, B, CMIO_READABLE));
	ck_assert_ok(cmio_connect(&a, &c_addr));
	ck_assert_int_eq(cmio_send(&a, "c", 1, 0), 1);
	expect_datagram(poll, &c, B, "c", &a_addr);
	expect_no_datagram(&b);
	close_sources(&a, &b);
	ck_assert_ok(cmio_close(&c));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(connecting_again_changes_whose_datagrams_come)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b, c;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	struct cmio_addr c_addr = udp_bind(&c);

	ck_assert_ok(cmio_register(poll, &a, A, CMIO_READABLE));
	ck_assert_ok(cmio_connect(&a, &b_addr));
	send_to(&c, "c", &a_addr);
	expect_nothing(poll);
	send_to(&b, "b", &a_addr);
	wait_for(poll, A, CMIO_READABLE);
	expect_datagram(poll, &a, A, "b", &b_addr);
	expect_no_datagram(&a);
	ck_assert_ok(cmio_connect(&a, &c_addr));
	send_to(&b, "b", &a_addr);
	send_to(&c, "c", &a_addr);
	expect_datagram(poll, &a, A, "c", &c_addr);
	expect_no_datagram(&a);
	close_sources(&a, &b);
	ck_assert_ok(cmio_close(&c));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(unconnected_socket_sends_only_with_an_address)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_int_eq(cmio_send(&a, "x", 1, 0), -1);
	ck_assert(errno == EDESTADDRREQ || errno == ENOTCONN);
	expect_no_datagram(&a);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(connected_socket_may_refuse_an_address)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b, c;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	struct cmio_addr c_addr = udp_bind(&c);

	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_ok(cmio_register(poll, &c, B, CMIO_READABLE));
	/* Linux and Windows send it, BSD does not. */
	if (cmio_sendto(&a, "x", 1, 0, &c_addr) == 1)
		expect_datagram(poll, &c, B, "x", &a_addr);
	else
		ck_assert_int_eq(errno, EISCONN);
	close_sources(&a, &b);
	ck_assert_ok(cmio_close(&c));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(refused_datagram_is_no_closed_end)
{
	struct cmio_poll *poll;
	struct cmio_source a, b;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	struct cmio_event event;
	char byte;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	poll = open_selector(_i);
	ck_assert_ok(cmio_close(&b));
	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_ok(cmio_register(poll, &a, A,
	    CMIO_READABLE | CMIO_WRITABLE));
	ck_assert_int_eq(cmio_send(&a, "x", 1, 0), 1);
	while (cmio_poll_wait(poll, &event, 1, A_WHILE) == 1)
		ck_assert_uint_eq(event.ready &
		    (CMIO_READ_CLOSED | CMIO_WRITE_CLOSED), 0);
	/* The system reports it once, or not at all. */
	ck_assert_int_eq(cmio_recv(&a, &byte, 1, 0), -1);
	ck_assert(errno == ECONNREFUSED || errno == EAGAIN);
	expect_would_block(cmio_recv(&a, &byte, 1, 0));

	/* It works as before. */
	ck_assert_ok(cmio_udp_bind(&b, &b_addr));
	send_to(&b, "hello", &a_addr);
	wait_for(poll, A, CMIO_READABLE);
	expect_datagram(poll, &a, A, "hello", &b_addr);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(datagram_longer_than_the_buffer_is_cut_off)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr b_addr;
	char buf[4] = "zzz";
	struct iovec iov = { buf, 2 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	udp_bind(&a);
	b_addr = udp_bind(&b);
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	send_to(&a, "abc", &b_addr);
	wait_for(poll, B, CMIO_READABLE);
	ck_assert_int_eq(cmio_recvmsg(&b, &msg, 0), 2);
	ck_assert_int_ne(msg.msg_flags & MSG_TRUNC, 0);
	ck_assert_str_eq(buf, "abz");
	expect_no_datagram(&b);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(vector_is_one_datagram)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	char bytes[] = "abcd";
	struct iovec iov[] = { { bytes, 1 }, { bytes + 1, 3 } };

	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	ck_assert_int_eq(cmio_writev(&a, iov, 2), 4);
	expect_datagram(poll, &b, B, "abcd", &a_addr);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(vector_of_nothing_sends_and_takes_no_datagram)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr a_addr = udp_bind(&a), b_addr = udp_bind(&b);
	char byte;
	struct iovec iov[] = { { &byte, 0 }, { NULL, 0 } };
	int n;

	ck_assert_ok(cmio_connect(&a, &b_addr));
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	for (n = 0; n < 3; n++)
		ck_assert_int_eq(cmio_writev(&a, iov, n), 0);
	send_to(&a, "abc", NULL);
	wait_for(poll, B, CMIO_READABLE);
	for (n = 0; n < 3; n++)
		ck_assert_int_eq(cmio_readv(&b, iov, n), 0);
	expect_datagram(poll, &b, B, "abc", &a_addr);
	close_sources(&a, &b);
	for (n = 0; n < 3; n++) {
		ck_assert_errno(cmio_writev(&a, iov, n), EBADF);
		ck_assert_errno(cmio_readv(&a, iov, n), EBADF);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(socket_for_reading_is_silent_until_reregistered)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a;

	udp_bind(&a);
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

START_TEST(deregistered_socket_is_silent_and_works)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_addr b_addr;
	char byte;

	udp_bind(&a);
	b_addr = udp_bind(&b);
	ck_assert_ok(cmio_register(poll, &b, B, CMIO_READABLE));
	ck_assert_ok(cmio_deregister(poll, &b));
	send_to(&a, "x", &b_addr);
	expect_nothing(poll);
	ck_assert_int_eq(cmio_recv(&b, &byte, 1, 0), 1);
	close_sources(&a, &b);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(address_is_not_shared_unasked)
{
	struct cmio_source a, b = CMIO_SOURCE(-5);
	struct cmio_addr addr = udp_bind(&a);

	ck_assert_errno(cmio_udp_bind(&b, &addr), EADDRINUSE);
	ck_assert(b.fd == (cmio_fd)-5);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(groups_may_be_joined_and_left)
{
	struct cmio_source a;
	struct cmio_addr addr = address("0.0.0.0:0");
	struct in_addr group, other, local;

	group.s_addr = htonl(0xe0000105);
	other.s_addr = htonl(0xe0000106);
	local.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_ok(cmio_udp_bind(&a, &addr));
	if (cmio_join_multicast_v4(&a, &group, &local) == -1) {
		ck_assert_ok(cmio_close(&a));
		skip("the loopback interface takes no IPv4 group");
	}
	ck_assert_ok(cmio_join_multicast_v4(&a, &other, &local));
	ck_assert_errno(cmio_join_multicast_v4(&a, &group, &local),
	    EADDRINUSE);
	ck_assert_ok(cmio_leave_multicast_v4(&a, &group, &local));
	ck_assert_errno(cmio_leave_multicast_v4(&a, &group, &local),
	    EADDRNOTAVAIL);
	ck_assert_ok(cmio_leave_multicast_v4(&a, &other, &local));
	ck_assert_ok(cmio_close(&a));
}
END_TEST

static unsigned int
loopback_index(void)
{
	unsigned int index;

	index = if_nametoindex("lo");
	return index != 0 ? index : if_nametoindex("lo0");
}

START_TEST(ipv6_groups_may_be_joined_and_left)
{
	struct cmio_source a;
	struct cmio_addr addr = address("[::]:0");
	struct in6_addr group = { { { 0xff, 0x02, [15] = 0x15 } } };
	unsigned int index = loopback_index();

	if (!has_ipv6())
		skip("there is no ::1");
	ck_assert_ok(cmio_udp_bind(&a, &addr));
	if (cmio_join_multicast_v6(&a, &group, index) == -1) {
		ck_assert_ok(cmio_close(&a));
		skip("the loopback interface takes no IPv6 group");
	}
	ck_assert_errno(cmio_join_multicast_v6(&a, &group, index),
	    EADDRINUSE);
	ck_assert_ok(cmio_leave_multicast_v6(&a, &group, index));
	ck_assert_errno(cmio_leave_multicast_v6(&a, &group, index),
	    EADDRNOTAVAIL);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source a;
	struct cmio_addr addr = address("127.0.0.1:0"), wrong = addr;
	struct in_addr group = { 0 };
	struct in6_addr group6 = { { { 0 } } };

	ck_assert_errno(cmio_udp_bind(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_udp_bind(&a, NULL), EINVAL);
	wrong.len = sizeof(wrong.ss) + 1;
	ck_assert_errno(cmio_udp_bind(&a, &wrong), EINVAL);
	wrong = address("unix:/nowhere");
	ck_assert_errno(cmio_udp_bind(&a, &wrong), EAFNOSUPPORT);
	udp_bind(&a);
	wrong = addr;
	wrong.len = 0;
	ck_assert_errno(cmio_sendto(&a, "x", 1, 0, &wrong), EINVAL);
	wrong.len = sizeof(wrong.ss) + 1;
	ck_assert_errno(cmio_sendto(&a, "x", 1, 0, &wrong), EINVAL);
	ck_assert_errno(cmio_join_multicast_v4(NULL, &group, NULL), EINVAL);
	ck_assert_errno(cmio_join_multicast_v4(&a, NULL, NULL), EINVAL);
	ck_assert_errno(cmio_join_multicast_v4(&a, &group, NULL), EINVAL);
	ck_assert_errno(cmio_leave_multicast_v4(&a, NULL, NULL), EINVAL);
	ck_assert_errno(cmio_join_multicast_v6(NULL, &group6, 0), EINVAL);
	ck_assert_errno(cmio_join_multicast_v6(&a, NULL, 0), EINVAL);
	ck_assert_errno(cmio_leave_multicast_v6(&a, NULL, 0), EINVAL);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(unconnected_sockets_exchange_datagrams),
	EACH_SELECTOR(connected_sockets_exchange_datagrams),
	EACH_SELECTOR(ipv6_sockets_exchange_datagrams),
	EACH_SELECTOR(empty_datagram_is_an_event),
	EACH_SELECTOR(each_datagram_after_eagain_is_an_event),
	EACH_SELECTOR(connecting_again_changes_where_datagrams_go),
	EACH_SELECTOR(connecting_again_changes_whose_datagrams_come),
	ONCE(unconnected_socket_sends_only_with_an_address),
	EACH_SELECTOR(connected_socket_may_refuse_an_address),
	EACH_SELECTOR(refused_datagram_is_no_closed_end),
	EACH_SELECTOR(datagram_longer_than_the_buffer_is_cut_off),
	EACH_SELECTOR(vector_is_one_datagram),
	EACH_SELECTOR(vector_of_nothing_sends_and_takes_no_datagram),
	EACH_SELECTOR(socket_for_reading_is_silent_until_reregistered),
	EACH_SELECTOR(deregistered_socket_is_silent_and_works),
	ONCE(address_is_not_shared_unasked),
	ONCE(groups_may_be_joined_and_left),
	ONCE(ipv6_groups_may_be_joined_and_left),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp", tests);
}
