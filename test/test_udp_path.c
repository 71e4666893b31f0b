/* SPDX-License-Identifier: MIT */
/*
 * Datagrams between two hosts: two network namespaces with a link of MTU 1280
 * between them, and two addresses of each family at one end.  Linux alone has
 * them, and not everybody may make one.
 */
#include "batches.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { MTU = 1280, FITS = 1200, TOO_LARGE = 1300 };

static unsigned char bytes[20 * TOO_LARGE];

/* The client's host is left, the server's is entered last. */
struct hosts {
	pid_t			left_pid;	/* holds the first namespace */
	int			left, right;	/* the namespaces */
	struct cmio_poll	*poll;
	struct cmio_source	client, server;
	struct cmio_addr	client_addr, server_addr;
};

static bool
run(const char *format, long number)
{
	char command[400];

	snprintf(command, sizeof(command), format, number);
	return system(command) == 0;
}

static bool
open_link(struct hosts *hosts)
{
	hosts->left = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	hosts->left_pid = fork();
	if (hosts->left_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	if (hosts->left_pid == -1 || unshare(CLONE_NEWNET) == -1)
		return false;
	hosts->right = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return run("exec 2>/dev/null; ip link set lo up &&"
	    " ip link add name right type veth peer name left &&"
	    " ip link set right mtu %ld", MTU) &&
	    run("ip link set left netns %ld", hosts->left_pid) &&
	    run("exec 2>/dev/null; ip link set right up &&"
	    " ip addr add 192.0.2.2/24 dev right &&"
	    " ip addr add 192.0.2.3/24 dev right &&"
	    " ip addr add fd00::2/64 dev right nodad &&"
	    " ip addr add fd00::3/64 dev right nodad &&"
	    " ip addr add fe80::2/64 dev right nodad", 0) &&
	    setns(hosts->left, CLONE_NEWNET) == 0 &&
	    run("exec 2>/dev/null; ip link set lo up && "
	    "ip link set left mtu 1280 && ip link set left up &&"
	    " ip addr add 192.0.2.1/24 dev left &&"
	    " ip addr add fd00::1/64 dev left nodad &&"
	    " ip addr add fe80::1/64 dev left nodad", 0);
}

/* Whether there are two hosts now; this process is at the left one. */
static bool
open_hosts(struct hosts *hosts, int selector)
{
	*hosts = (struct hosts){ .left = -1, .right = -1 };
	if (unshare(CLONE_NEWNET) == -1 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return false;
	if (!open_link(hosts))
		return false;
	hosts->poll = open_selector(selector);
	return true;
}

static void
close_hosts(struct hosts *hosts)
{
	if (hosts->poll != NULL)
		cmio_poll_unref(hosts->poll);
	if (hosts->left_pid > 0) {
		kill(hosts->left_pid, SIGKILL);
		waitpid(hosts->left_pid, NULL, 0);
	}
	close(hosts->left);
	close(hosts->right);
}

/* A client at the left, a server at the right. */
static void
bind_both(struct hosts *hosts, const char *client, const char *server,
    unsigned int features)
{
	struct cmio_addr addr;

	addr = address(client);
	ck_assert_ok(cmio_udp_bind(&hosts->client, &addr));
	hosts->client_addr = local_address(&hosts->client);
	ck_assert_int_eq(cmio_udp_enable(&hosts->client, features) &
	    (int)features, (int)features);
	ck_assert_int_eq(setns(hosts->right, CLONE_NEWNET), 0);
	addr = address(server);
	ck_assert_ok(cmio_udp_bind(&hosts->server, &addr));
	hosts->server_addr = local_address(&hosts->server);
	ck_assert_int_eq(setns(hosts->left, CLONE_NEWNET), 0);
	ck_assert_ok(cmio_register(hosts->poll, &hosts->server, A,
	    CMIO_READABLE));
	ck_assert_ok(cmio_register(hosts->poll, &hosts->client, B,
	    CMIO_READABLE));
}

static void
close_both(struct hosts *hosts)
{
	close_sources(&hosts->client, &hosts->server);
}

/* A train of this size of datagram either fits, or goes in fragments. */
static void
send_train(struct hosts *hosts, size_t size)
{
	struct cmio_datagrams entry;

	fill_entry(&entry, bytes, 5, 10, size, &hosts->server_addr);
	send_whole(&hosts->client, &entry, 1);
	expect_datagrams(hosts->poll, &hosts->server, A, 5, 10, size, 4,
	    &hosts->client_addr);
}

static void
refuse(struct hosts *hosts, int datagrams)
{
	struct cmio_datagrams entry;

	fill_entry(&entry, bytes, 5, datagrams, TOO_LARGE,
	    &hosts->server_addr);
	ck_assert_errno(cmio_send_datagrams(&hosts->client, &entry, 1),
	    EMSGSIZE);
	ck_assert_uint_eq(entry.done, 0);
}

/* Its size is wrong, and cutting is not. */
static void
check_sizes(struct hosts *hosts, const char *client, const char *server)
{
	const int most = 65467 / FITS;

	bind_both(hosts, client, server, 0);
	send_train(hosts, FITS);
	send_train(hosts, TOO_LARGE);
	send_train(hosts, FITS);
	ck_assert_int_eq(cmio_udp_max_segments(&hosts->client, FITS), most);
	close_both(hosts);
	bind_both(hosts, client, server, CMIO_UDP_DONTFRAG);
	send_train(hosts, FITS);
	refuse(hosts, 1);
	refuse(hosts, 10);
	send_train(hosts, FITS);
	ck_assert_int_eq(cmio_udp_max_segments(&hosts->client, FITS), most);
	close_both(hosts);
}

START_TEST(too_large_for_the_link_is_fragmented_or_refused)
{
	struct hosts hosts;

	if (!open_hosts(&hosts, _i)) {
		close_hosts(&hosts);
		skip("no network namespaces");
	}
	check_sizes(&hosts, "192.0.2.1:0", "192.0.2.2:0");
	check_sizes(&hosts, "[fd00::1]:0", "[fd00::2]:0");
	close_hosts(&hosts);
}
END_TEST

/* The server has two addresses, and is asked at the second. */
static void
ask_second(struct hosts *hosts, const char *client, const char *any,
    const char *second)
{
	struct cmio_addr expected = address(second);
	struct cmio_datagrams entry;
	in_port_t port;

	bind_both(hosts, client, any, 0);
	ck_assert_int_gt(cmio_udp_enable(&hosts->server, CMIO_UDP_LOCAL) &
	    CMIO_UDP_LOCAL, 0);
	port = ((struct sockaddr_in *)&hosts->server_addr.ss)->sin_port;
	hosts->server_addr = expected;
	((struct sockaddr_in *)&hosts->server_addr.ss)->sin_port = port;
	fill_entry(&entry, bytes, 5, 1, FITS, &hosts->server_addr);
	send_whole(&hosts->client, &entry, 1);
	entry = receive_one(hosts->poll, &hosts->server, A);
	check_same_address(&entry.local, &expected);
	check_same_address(&entry.peer, &hosts->client_addr);
	send_whole(&hosts->server, &entry, 1);
	entry = receive_one(hosts->poll, &hosts->client, B);
	check_same_address(&entry.peer, &hosts->server_addr);
	close_both(hosts);
}

START_TEST(answer_comes_from_the_second_address)
{
	struct hosts hosts;

	if (!open_hosts(&hosts, _i)) {
		close_hosts(&hosts);
		skip("no network namespaces");
	}
	ask_second(&hosts, "192.0.2.1:0", "0.0.0.0:0", "192.0.2.3:0");
	ask_second(&hosts, "[fd00::1]:0", "[::]:0", "[fd00::3]:0");
	close_hosts(&hosts);
}
END_TEST

/* Addresses of a link come with its zone, and go with it. */
START_TEST(peers_on_a_link_find_each_other)
{
	struct hosts hosts;
	struct cmio_datagrams entry;
	struct sockaddr_in6 *sin6;
	char client[60];

	if (!open_hosts(&hosts, _i)) {
		close_hosts(&hosts);
		skip("no network namespaces");
	}
	snprintf(client, sizeof(client), "[fe80::1%%%u]:0",
	    if_nametoindex("left"));
	bind_both(&hosts, client, "[::]:0", 0);
	ck_assert_int_gt(cmio_udp_enable(&hosts.server, CMIO_UDP_LOCAL) &
	    CMIO_UDP_LOCAL, 0);
	sin6 = (struct sockaddr_in6 *)&hosts.server_addr.ss;
	sin6->sin6_addr.s6_addr[0] = 0xfe;
	sin6->sin6_addr.s6_addr[1] = 0x80;
	sin6->sin6_addr.s6_addr[15] = 2;
	sin6->sin6_scope_id = if_nametoindex("left");
	fill_entry(&entry, bytes, 5, 3, FITS, &hosts.server_addr);
	send_whole(&hosts.client, &entry, 1);
	entry = receive_one(hosts.poll, &hosts.server, A);
	sin6 = (struct sockaddr_in6 *)&entry.local.ss;
	ck_assert_uint_ne(entry.ifindex, 0);
	ck_assert_uint_eq(sin6->sin6_scope_id, entry.ifindex);
	sin6 = (struct sockaddr_in6 *)&entry.peer.ss;
	ck_assert_uint_eq(sin6->sin6_scope_id, entry.ifindex);
	/* The zone of local alone is enough. */
	entry.ifindex = 0;
	send_whole(&hosts.server, &entry, 1);
	entry = receive_one(hosts.poll, &hosts.client, B);
	check_same_address(&entry.peer, &hosts.server_addr);
	close_both(&hosts);
	close_hosts(&hosts);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(too_large_for_the_link_is_fragmented_or_refused),
	EACH_SELECTOR(answer_comes_from_the_second_address),
	EACH_SELECTOR(peers_on_a_link_find_each_other),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp_path", tests);
}
