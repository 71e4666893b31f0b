/* SPDX-License-Identifier: MIT */
/*
 * What goes with a datagram: local addresses, interfaces, congestion
 * notification, of both families and of IPv4 in IPv6's form.
 */
#include "batches.h"

#include <net/if.h>
#include <netinet/in.h>

enum { NO_INTERFACE = 9999999 };

static unsigned char bytes[2000];

/* A socket for all addresses, and one with an address of the first's. */
struct hosts {
	struct cmio_poll	*poll;
	struct cmio_source	 server, client;
	struct cmio_addr	 server_addr;	/* for the client */
	struct cmio_addr	 client_addr;
};

static struct cmio_addr
with_port(const char *text, const struct cmio_source *source)
{
	struct cmio_addr addr = address(text), local = local_address(source);
	in_port_t port = ((struct sockaddr_in *)&local.ss)->sin_port;

	/* At the same place in both families. */
	((struct sockaddr_in *)&addr.ss)->sin_port = port;
	return addr;
}

/* A socket that takes IPv4 too if it is one of IPv6. */
static void
bind_to(struct cmio_source *source, const char *text)
{
	struct cmio_addr addr = address(text);

	ck_assert_ok(cmio_socket(source, addr.ss.ss_family, SOCK_DGRAM, 0));
	if (addr.ss.ss_family == AF_INET6)
		ck_assert_ok(cmio_set_only_v6(source, 0));
	ck_assert_ok(cmio_bind(source, &addr));
}

static void
open_hosts(struct hosts *hosts, int selector, const char *any,
    const char *server, const char *client)
{
	hosts->poll = open_selector(selector);
	bind_to(&hosts->server, any);
	bind_to(&hosts->client, client);
	hosts->server_addr = with_port(server, &hosts->server);
	hosts->client_addr = local_address(&hosts->client);
	ck_assert_ok(cmio_register(hosts->poll, &hosts->server, A,
	    CMIO_READABLE));
	ck_assert_ok(cmio_register(hosts->poll, &hosts->client, B,
	    CMIO_READABLE));
}

static void
close_hosts(struct hosts *hosts)
{
	close_sources(&hosts->server, &hosts->client);
	cmio_poll_unref(hosts->poll);
}

static bool
enable(struct cmio_source *source, unsigned int feature)
{
	int given = cmio_udp_enable(source, feature);

	ck_assert_int_ge(given, 0);
	ck_assert_int_eq(given & (int)~(feature | CMIO_UDP_SEGMENT), 0);
	return ((unsigned int)given & feature) == feature;
}

/* There and back, from the address that it was sent to. */
static void
round_trip(struct hosts *hosts, const char *local)
{
	struct cmio_addr expected = address(local);
	struct cmio_datagrams entry;

	fill_entry(&entry, bytes, 1, 1, 100, &hosts->server_addr);
	send_whole(&hosts->client, &entry, 1);
	entry = receive_one(hosts->poll, &hosts->server, A);
	check_same_address(&entry.local, &expected);
	ck_assert_uint_ne(entry.ifindex, 0);
	/* As it came. */
	send_whole(&hosts->server, &entry, 1);
	entry = receive_one(hosts->poll, &hosts->client, B);
	check_same_address(&entry.peer, &hosts->server_addr);
	ck_assert_uint_eq(entry.local.len, 0);
	ck_assert_uint_eq(entry.ifindex, 0);
}

START_TEST(answer_comes_from_the_address_that_was_asked)
{
	struct hosts hosts;
	struct cmio_datagrams entry;

	/* Linux has all of 127/8 on loopback. */
	open_hosts(&hosts, _i, "0.0.0.0:0", "127.0.0.1:0", "127.0.0.1:0");
	if (!enable(&hosts.server, CMIO_UDP_LOCAL)) {
		close_hosts(&hosts);
		skip("no local addresses");
	}
	round_trip(&hosts, "127.0.0.1:0");
	hosts.server_addr = with_port("127.0.0.9:0", &hosts.server);
	fill_entry(&entry, bytes, 1, 1, 100, &hosts.server_addr);
	if (cmio_send_datagrams(&hosts.client, &entry, 1) == 1) {
		entry = receive_one(hosts.poll, &hosts.server, A);
		round_trip(&hosts, "127.0.0.9:0");
	}
	close_hosts(&hosts);
}
END_TEST

START_TEST(answer_comes_from_the_ipv6_address_that_was_asked)
{
	struct hosts hosts;

	if (!has_ipv6())
		skip("there is no ::1");
	open_hosts(&hosts, _i, "[::]:0", "[::1]:0", "[::1]:0");
	if (!enable(&hosts.server, CMIO_UDP_LOCAL)) {
		close_hosts(&hosts);
		skip("no local addresses");
	}
	round_trip(&hosts, "[::1]:0");
	close_hosts(&hosts);
}
END_TEST

START_TEST(ipv4_peer_of_an_ipv6_socket_is_answered_alike)
{
	struct hosts hosts;

	if (!has_ipv6())
		skip("there is no ::1");
	open_hosts(&hosts, _i, "[::]:0", "127.0.0.9:0", "127.0.0.1:0");
	if (!enable(&hosts.server, CMIO_UDP_LOCAL)) {
		close_hosts(&hosts);
		skip("no local addresses");
	}
	round_trip(&hosts, "[::ffff:127.0.0.9]:0");
	close_hosts(&hosts);
}
END_TEST

START_TEST(interface_alone_may_be_named)
{
	struct hosts hosts;
	struct cmio_datagrams entry, got;

	open_hosts(&hosts, _i, "0.0.0.0:0", "127.0.0.1:0", "127.0.0.1:0");
	if (!enable(&hosts.server, CMIO_UDP_LOCAL)) {
		close_hosts(&hosts);
		skip("no local addresses");
	}
	fill_entry(&entry, bytes, 1, 1, 100, &hosts.server_addr);
	send_whole(&hosts.client, &entry, 1);
	got = receive_one(hosts.poll, &hosts.server, A);
	entry.ifindex = got.ifindex;
	send_whole(&hosts.client, &entry, 1);
	receive_one(hosts.poll, &hosts.server, A);
	ck_assert_ok(cmio_connect(&hosts.client, &hosts.server_addr));
	entry.peer.len = 0;
	send_whole(&hosts.client, &entry, 1);
	receive_one(hosts.poll, &hosts.server, A);
	close_hosts(&hosts);
}
END_TEST

/* The kernel says that there is none: it has been told. */
START_TEST(interface_that_is_not_there_is_an_error)
{
	struct hosts hosts;
	struct cmio_datagrams entry;

	if (!has_ipv6())
		skip("there is no ::1");
	open_hosts(&hosts, _i, "[::1]:0", "[::1]:0", "[::1]:0");
	fill_entry(&entry, bytes, 1, 1, 100, &hosts.server_addr);
	entry.ifindex = NO_INTERFACE;
	ck_assert_int_eq(cmio_send_datagrams(&hosts.client, &entry, 1), -1);
	ck_assert_ok(cmio_connect(&hosts.client, &hosts.server_addr));
	entry.peer.len = 0;
	ck_assert_int_eq(cmio_send_datagrams(&hosts.client, &entry, 1), -1);
	entry.ifindex = 0;
	send_whole(&hosts.client, &entry, 1);
	receive_one(hosts.poll, &hosts.server, A);
	close_hosts(&hosts);
}
END_TEST

static void
send_ecn(struct hosts *hosts, const struct cmio_addr *peer, int datagrams,
    unsigned int ecn)
{
	struct cmio_datagrams entry;

	fill_entry(&entry, bytes, 1, datagrams, 100, peer);
	entry.ecn = ecn;
	send_whole(&hosts->client, &entry, 1);
	while (datagrams-- > 0) {
		entry = receive_one(hosts->poll, &hosts->server, A);
		ck_assert_uint_eq(entry.ecn, ecn);
	}
}

static void
check_ecn(struct hosts *hosts, bool connected)
{
	unsigned int ecn;

	if (!enable(&hosts->server, CMIO_UDP_ECN)) {
		close_hosts(hosts);
		skip("no congestion notification");
	}
	ck_assert_int_ge(cmio_udp_enable(&hosts->client, 0), 0);
	if (connected)
		ck_assert_ok(cmio_connect(&hosts->client,
		    &hosts->server_addr));
	for (ecn = 0; ecn <= 3; ecn++) {
		send_ecn(hosts, connected ? NULL : &hosts->server_addr, 1,
		    ecn);
		send_ecn(hosts, connected ? NULL : &hosts->server_addr, 5,
		    ecn);
	}
	close_hosts(hosts);
}

START_TEST(congestion_notification_goes_with_a_datagram)
{
	struct hosts hosts;
	int connected;

	for (connected = 0; connected < 2; connected++) {
		open_hosts(&hosts, _i, "0.0.0.0:0", "127.0.0.1:0",
		    "127.0.0.1:0");
		check_ecn(&hosts, connected != 0);
	}
}
END_TEST

START_TEST(congestion_notification_goes_over_ipv6)
{
	struct hosts hosts;
	int connected;

	if (!has_ipv6())
		skip("there is no ::1");
	for (connected = 0; connected < 2; connected++) {
		open_hosts(&hosts, _i, "[::]:0", "[::1]:0", "[::1]:0");
		check_ecn(&hosts, connected != 0);
	}
}
END_TEST

START_TEST(congestion_notification_reaches_an_ipv6_socket_over_ipv4)
{
	struct hosts hosts;

	if (!has_ipv6())
		skip("there is no ::1");
	open_hosts(&hosts, _i, "[::]:0", "127.0.0.1:0", "127.0.0.1:0");
	check_ecn(&hosts, false);
}
END_TEST

/* The client is an IPv6 socket whose peer is IPv4's. */
START_TEST(congestion_notification_leaves_an_ipv6_socket_over_ipv4)
{
	struct hosts hosts;
	int connected;

	if (!has_ipv6())
		skip("there is no ::1");
	for (connected = 0; connected < 2; connected++) {
		open_hosts(&hosts, _i, "0.0.0.0:0", "127.0.0.1:0",
		    "[::ffff:127.0.0.1]:0");
		hosts.server_addr = with_port("[::ffff:127.0.0.1]:0",
		    &hosts.server);
		check_ecn(&hosts, connected != 0);
	}
}
END_TEST

START_TEST(all_that_is_given_goes_together)
{
	const unsigned int all = CMIO_UDP_COALESCE | CMIO_UDP_LOCAL |
	    CMIO_UDP_ECN | CMIO_UDP_DONTFRAG;
	struct cmio_addr expected = address("127.0.0.1:0");
	struct cmio_datagrams entry;
	struct hosts hosts;

	open_hosts(&hosts, _i, "0.0.0.0:0", "127.0.0.1:0", "127.0.0.1:0");
	if (!enable(&hosts.server, all) || !enable(&hosts.client, all)) {
		close_hosts(&hosts);
		skip("not all that can be asked for");
	}
	fill_entry(&entry, bytes, 1, 10, 100, &hosts.server_addr);
	entry.local = expected;
	entry.ecn = 2;
	send_whole(&hosts.client, &entry, 1);
	entry = receive_one(hosts.poll, &hosts.server, A);
	ck_assert_uint_eq(entry.len, 1000);
	ck_assert_uint_eq(entry.segment, 100);
	ck_assert_uint_eq(entry.ecn, 2);
	ck_assert_uint_eq(entry.flags, 0);
	check_same_address(&entry.local, &expected);
	check_same_address(&entry.peer, &hosts.client_addr);
	close_hosts(&hosts);
}
END_TEST

START_TEST(what_is_asked_for_is_known)
{
	struct cmio_source a;

	udp_bind(&a);
	ck_assert_errno(cmio_udp_enable(&a, 0x20), EINVAL);
	ck_assert_errno(cmio_udp_enable(&a, ~0u), EINVAL);
	ck_assert_errno(cmio_udp_enable(NULL, 0), EINVAL);
	ck_assert_int_eq(cmio_udp_enable(&a, CMIO_UDP_SEGMENT),
	    cmio_udp_enable(&a, 0));
	ck_assert_ok(cmio_close(&a));
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(answer_comes_from_the_address_that_was_asked),
	EACH_SELECTOR(answer_comes_from_the_ipv6_address_that_was_asked),
	EACH_SELECTOR(ipv4_peer_of_an_ipv6_socket_is_answered_alike),
	EACH_SELECTOR(interface_alone_may_be_named),
	EACH_SELECTOR(interface_that_is_not_there_is_an_error),
	EACH_SELECTOR(congestion_notification_goes_with_a_datagram),
	EACH_SELECTOR(congestion_notification_goes_over_ipv6),
	EACH_SELECTOR(congestion_notification_reaches_an_ipv6_socket_over_ipv4),
	EACH_SELECTOR(congestion_notification_leaves_an_ipv6_socket_over_ipv4),
	EACH_SELECTOR(all_that_is_given_goes_together),
	ONCE(what_is_asked_for_is_known),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp_local", tests);
}
