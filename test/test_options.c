/* SPDX-License-Identifier: MIT */
/* Options of sockets: cmio_set_nodelay(3) and others. */
#include "sockets.h"

#include <limits.h>
#include <netinet/in.h>

/* Reads a flag before it is set, sets it to any value, and resets it. */
static void
check_flag(struct cmio_source *source,
    int (*set)(struct cmio_source *, int),
    int (*get)(const struct cmio_source *))
{
	int before;

	before = get(source);
	ck_assert_ok(before);
	ck_assert_int_eq(set(source, !before), 0);
	ck_assert_int_eq(get(source), !before);
	ck_assert_int_eq(set(source, before), 0);
	ck_assert_int_eq(get(source), before);
	ck_assert_int_eq(set(source, 4), 0);
	ck_assert_int_eq(get(source), 1);
	ck_assert_int_eq(set(source, 0), 0);
	ck_assert_int_eq(get(source), 0);
	ck_assert_int_eq(cmio_take_error(source), 0);
}

static void
check_wrong(int (*set)(struct cmio_source *, int),
    int (*get)(const struct cmio_source *))
{
	struct cmio_source none = CMIO_SOURCE(-1);

	ck_assert_errno(set(NULL, 1), EINVAL);
	ck_assert_errno(get(NULL), EINVAL);
	ck_assert_errno(set(&none, 1), EBADF);
	ck_assert_errno(get(&none), EBADF);
}

START_TEST(nodelay_is_off_until_set)
{
	struct cmio_source client, server;

	tcp_pair(&client, &server);
	ck_assert_int_eq(cmio_nodelay(&client), 0);
	check_flag(&client, cmio_set_nodelay, cmio_nodelay);
	check_wrong(cmio_set_nodelay, cmio_nodelay);
	close_sources(&client, &server);
}
END_TEST

START_TEST(broadcast_is_off_until_set)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_int_eq(cmio_broadcast(&a), 0);
	check_flag(&a, cmio_set_broadcast, cmio_broadcast);
	check_wrong(cmio_set_broadcast, cmio_broadcast);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(reuseaddr_is_off_until_set)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_int_eq(cmio_reuseaddr(&a), 0);
	check_flag(&a, cmio_set_reuseaddr, cmio_reuseaddr);
	check_wrong(cmio_set_reuseaddr, cmio_reuseaddr);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(reuseport_lets_two_sockets_share_an_address)
{
	struct cmio_source a, b;
	struct cmio_addr addr = address("127.0.0.1:0");

	ck_assert_ok(cmio_socket(&a, AF_INET, SOCK_DGRAM, 0));
	if (cmio_set_reuseport(&a, 1) == -1) {
		ck_assert(errno == ENOTSUP || errno == ENOPROTOOPT);
		ck_assert_ok(cmio_close(&a));
		skip("there is no SO_REUSEPORT");
	}
	ck_assert_int_eq(cmio_reuseport(&a), 1);
	ck_assert_ok(cmio_bind(&a, &addr));
	addr = local_address(&a);
	ck_assert_ok(cmio_socket(&b, AF_INET, SOCK_DGRAM, 0));
	check_flag(&b, cmio_set_reuseport, cmio_reuseport);
	ck_assert_ok(cmio_set_reuseport(&b, 1));
	ck_assert_ok(cmio_bind(&b, &addr));
	check_wrong(cmio_set_reuseport, cmio_reuseport);
	close_sources(&a, &b);
}
END_TEST

static void
check_ttl(const char *on)
{
	struct cmio_source a;
	struct cmio_addr addr = address(on);

	ck_assert_ok(cmio_udp_bind(&a, &addr));
	ck_assert_int_gt(cmio_ttl(&a), 0);
	ck_assert_ok(cmio_set_ttl(&a, 7));
	ck_assert_int_eq(cmio_ttl(&a), 7);
	ck_assert_ok(cmio_set_ttl(&a, 255));
	ck_assert_int_eq(cmio_ttl(&a), 255);
	ck_assert_errno(cmio_set_ttl(&a, 256), EINVAL);
	ck_assert_errno(cmio_set_ttl(&a, -1), EINVAL);
	ck_assert_int_eq(cmio_ttl(&a), 255);
	ck_assert_int_eq(cmio_take_error(&a), 0);
	ck_assert_ok(cmio_close(&a));
}

START_TEST(ttl_is_what_was_set)
{
	check_ttl("127.0.0.1:0");
	check_wrong(cmio_set_ttl, cmio_ttl);
}
END_TEST

START_TEST(ttl_of_an_ipv6_socket_is_its_hop_limit)
{
	struct cmio_source a;
	int hops = 0;
	socklen_t len = sizeof(hops);

	if (!has_ipv6())
		skip("there is no ::1");
	check_ttl("[::1]:0");
	/* Also before it has an address. */
	ck_assert_ok(cmio_socket(&a, AF_INET6, SOCK_STREAM, 0));
	ck_assert_ok(cmio_set_ttl(&a, 9));
	ck_assert_ok(getsockopt(a.fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops,
	    &len));
	ck_assert_int_eq(hops, 9);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(ttl_of_other_sockets_is_eopnotsupp)
{
	struct cmio_source pair[2];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_errno(cmio_ttl(&pair[0]), EOPNOTSUPP);
	ck_assert_errno(cmio_set_ttl(&pair[0], 1), EOPNOTSUPP);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(only_v6_is_what_was_set)
{
	struct cmio_source a;

	check_wrong(cmio_set_only_v6, cmio_only_v6);
	if (!has_ipv6())
		skip("there is no ::1");
	ck_assert_ok(cmio_socket(&a, AF_INET6, SOCK_DGRAM, 0));
	ck_assert_ok(cmio_only_v6(&a));
	ck_assert_ok(cmio_set_only_v6(&a, 1));
	ck_assert_int_eq(cmio_only_v6(&a), 1);
	/* OpenBSD has no other. */
	if (cmio_set_only_v6(&a, 0) == 0)
		ck_assert_int_eq(cmio_only_v6(&a), 0);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(buffers_are_at_least_as_large_as_was_set)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_ok(cmio_set_recv_buffer_size(&a, 8192));
	ck_assert_int_ge(cmio_recv_buffer_size(&a), 8192);
	ck_assert_ok(cmio_set_send_buffer_size(&a, 8192));
	ck_assert_int_ge(cmio_send_buffer_size(&a), 8192);
	ck_assert_errno(cmio_set_recv_buffer_size(&a, 0), EINVAL);
	ck_assert_errno(cmio_set_recv_buffer_size(&a, -1), EINVAL);
	ck_assert_errno(cmio_set_send_buffer_size(&a, 0), EINVAL);
	ck_assert_errno(cmio_set_send_buffer_size(&a, -1), EINVAL);
	check_wrong(cmio_set_recv_buffer_size, cmio_recv_buffer_size);
	check_wrong(cmio_set_send_buffer_size, cmio_send_buffer_size);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(linger_is_off_until_set)
{
	struct cmio_source client, server, none = CMIO_SOURCE(-1);
	int seconds = 99;

	tcp_pair(&client, &server);
	ck_assert_int_eq(cmio_linger(&client, &seconds), 0);
	ck_assert_int_eq(seconds, -1);
	ck_assert_ok(cmio_set_linger(&client, 5));
	ck_assert_int_eq(cmio_linger(&client, &seconds), 0);
	ck_assert_int_eq(seconds, 5);
	ck_assert_ok(cmio_set_linger(&client, 0));
	ck_assert_int_eq(cmio_linger(&client, &seconds), 0);
	ck_assert_int_eq(seconds, 0);
	ck_assert_ok(cmio_set_linger(&client, -1));
	ck_assert_int_eq(cmio_linger(&client, &seconds), 0);
	ck_assert_int_eq(seconds, -1);
	ck_assert_errno(cmio_set_linger(&client, -2), EINVAL);
	ck_assert_errno(cmio_set_linger(NULL, 1), EINVAL);
	ck_assert_errno(cmio_set_linger(&none, 1), EBADF);
	ck_assert_errno(cmio_linger(NULL, &seconds), EINVAL);
	ck_assert_errno(cmio_linger(&client, NULL), EINVAL);
	ck_assert_errno(cmio_linger(&none, &seconds), EBADF);
	close_sources(&client, &server);
}
END_TEST

START_TEST(linger_of_0_resets_the_connection)
{
	struct cmio_source client, server;
	char byte;

	tcp_pair(&client, &server);
	reset(&client);
	await(&server, CMIO_READABLE);
	ck_assert_errno(cmio_read(&server, &byte, 1), ECONNRESET);
	ck_assert_ok(cmio_close(&server));
}
END_TEST

START_TEST(keepalive_is_off_until_set)
{
	const struct cmio_keepalive wanted = { 1, 60, 10, 3 };
	struct cmio_keepalive k = { .on = 99 };
	struct cmio_source client, server;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_keepalive(&client, &k));
	ck_assert_int_eq(k.on, 0);
	if (cmio_set_keepalive(&client, &wanted) == -1) {
		ck_assert_int_eq(errno, ENOTSUP);
		close_sources(&client, &server);
		skip("probes are the whole system's here");
	}
	ck_assert_ok(cmio_keepalive(&client, &k));
	ck_assert_int_eq(k.on, 1);
	ck_assert_int_eq(k.idle, 60);
	ck_assert_int_eq(k.interval, 10);
	ck_assert_int_eq(k.count, 3);
	ck_assert_ok(cmio_set_keepalive(&client, NULL));
	ck_assert_ok(cmio_keepalive(&client, &k));
	ck_assert_int_eq(k.on, 0);
	close_sources(&client, &server);
}
END_TEST

START_TEST(keepalive_of_0_is_the_systems_own)
{
	struct cmio_keepalive k = { .on = 1 }, before, after;
	struct cmio_source client, server;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_keepalive(&client, &before));
	ck_assert_ok(cmio_set_keepalive(&client, &k));
	ck_assert_ok(cmio_keepalive(&client, &after));
	ck_assert_int_eq(after.on, 1);
	ck_assert_int_eq(after.idle, before.idle);
	ck_assert_int_eq(after.interval, before.interval);
	ck_assert_int_eq(after.count, before.count);
	k.on = 0;
	ck_assert_ok(cmio_set_keepalive(&client, &k));
	ck_assert_ok(cmio_keepalive(&client, &after));
	ck_assert_int_eq(after.on, 0);
	close_sources(&client, &server);
}
END_TEST

START_TEST(negative_keepalive_is_einval_and_changes_nothing)
{
	const struct cmio_keepalive wrong[] = {
		{ 1, -1, 1, 1 }, { 1, 1, -1, 1 }, { 1, 1, 1, -1 }
	};
	struct cmio_keepalive k, before;
	struct cmio_source client, server, none = CMIO_SOURCE(-1);
	int i;

	tcp_pair(&client, &server);
	ck_assert_ok(cmio_keepalive(&client, &before));
	for (i = 0; i < 3; i++) {
		ck_assert_errno(cmio_set_keepalive(&client, &wrong[i]),
		    EINVAL);
		ck_assert_ok(cmio_keepalive(&client, &k));
		ck_assert_mem_eq(&k, &before, sizeof(k));
	}
	ck_assert_errno(cmio_set_keepalive(NULL, NULL), EINVAL);
	ck_assert_errno(cmio_set_keepalive(&none, NULL), EBADF);
	ck_assert_errno(cmio_keepalive(NULL, &k), EINVAL);
	ck_assert_errno(cmio_keepalive(&client, NULL), EINVAL);
	ck_assert_errno(cmio_keepalive(&none, &k), EBADF);
	close_sources(&client, &server);
}
END_TEST

START_TEST(refused_keepalive_changes_nothing)
{
	/* What fits, but for one value that no kernel may take. */
	const struct cmio_keepalive first = { 1, 100, 10, 5 }, wrong[] = {
		{ 1, INT_MAX, 20, 6 }, { 1, 200, INT_MAX, 6 },
		{ 1, 200, 20, INT_MAX }
	};
	struct cmio_keepalive k;
	struct cmio_source client, server;
	int i, refused = 0;

	tcp_pair(&client, &server);
	for (i = 0; i < 3; i++) {
		if (cmio_set_keepalive(&client, &first) == -1 ||
		    cmio_set_keepalive(&client, &wrong[i]) == 0)
			continue;
		ck_assert_ok(cmio_keepalive(&client, &k));
		ck_assert_mem_eq(&k, &first, sizeof(k));
		refused++;
	}
	close_sources(&client, &server);
	if (refused == 0)
		skip("every value is taken here, or none");
}
END_TEST

START_TEST(multicast_loop_is_on_until_reset)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_int_eq(cmio_multicast_loop_v4(&a), 1);
	check_flag(&a, cmio_set_multicast_loop_v4, cmio_multicast_loop_v4);
	check_wrong(cmio_set_multicast_loop_v4, cmio_multicast_loop_v4);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(ipv6_multicast_loop_is_on_until_reset)
{
	struct cmio_source a;
	struct cmio_addr addr = address("[::1]:0");

	check_wrong(cmio_set_multicast_loop_v6, cmio_multicast_loop_v6);
	if (!has_ipv6())
		skip("there is no ::1");
	ck_assert_ok(cmio_udp_bind(&a, &addr));
	ck_assert_int_eq(cmio_multicast_loop_v6(&a), 1);
	check_flag(&a, cmio_set_multicast_loop_v6, cmio_multicast_loop_v6);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(multicast_ttl_is_1_until_set)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_int_eq(cmio_multicast_ttl_v4(&a), 1);
	ck_assert_ok(cmio_set_multicast_ttl_v4(&a, 0));
	ck_assert_int_eq(cmio_multicast_ttl_v4(&a), 0);
	/* Not read back: big-endian qemu-user (7.2) returns 0 for 255. */
	ck_assert_ok(cmio_set_multicast_ttl_v4(&a, 255));
	ck_assert_ok(cmio_set_multicast_ttl_v4(&a, 254));
	ck_assert_int_eq(cmio_multicast_ttl_v4(&a), 254);
	ck_assert_errno(cmio_set_multicast_ttl_v4(&a, 256), EINVAL);
	ck_assert_errno(cmio_set_multicast_ttl_v4(&a, -1), EINVAL);
	check_wrong(cmio_set_multicast_ttl_v4, cmio_multicast_ttl_v4);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(option_of_a_pipe_is_enotsock)
{
	struct cmio_source reader, writer;
	struct cmio_addr addr;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_errno(cmio_set_nodelay(&reader, 1), ENOTSOCK);
	ck_assert_errno(cmio_nodelay(&reader), ENOTSOCK);
	ck_assert_errno(cmio_ttl(&reader), ENOTSOCK);
	ck_assert_errno(cmio_set_linger(&reader, 1), ENOTSOCK);
	ck_assert_errno(cmio_take_error(&reader), ENOTSOCK);
	ck_assert_errno(cmio_local_addr(&reader, &addr), ENOTSOCK);
	ck_assert_errno(cmio_shutdown(&reader, SHUT_RD), ENOTSOCK);
	ck_assert_errno(cmio_listen(&reader, 1), ENOTSOCK);
	close_sources(&reader, &writer);
}
END_TEST

static const struct test tests[] = {
	ONCE(nodelay_is_off_until_set),
	ONCE(broadcast_is_off_until_set),
	ONCE(reuseaddr_is_off_until_set),
	ONCE(reuseport_lets_two_sockets_share_an_address),
	ONCE(ttl_is_what_was_set),
	ONCE(ttl_of_an_ipv6_socket_is_its_hop_limit),
	ONCE(ttl_of_other_sockets_is_eopnotsupp),
	ONCE(only_v6_is_what_was_set),
	ONCE(buffers_are_at_least_as_large_as_was_set),
	ONCE(linger_is_off_until_set),
	ONCE(linger_of_0_resets_the_connection),
	ONCE(keepalive_is_off_until_set),
	ONCE(keepalive_of_0_is_the_systems_own),
	ONCE(negative_keepalive_is_einval_and_changes_nothing),
	ONCE(refused_keepalive_changes_nothing),
	ONCE(multicast_loop_is_on_until_reset),
	ONCE(ipv6_multicast_loop_is_on_until_reset),
	ONCE(multicast_ttl_is_1_until_set),
	ONCE(option_of_a_pipe_is_enotsock),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "options", tests);
}
