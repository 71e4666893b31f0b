/* SPDX-License-Identifier: MIT */
/*
 * Tests that cannot pass in qemu-user (7.2), which translates the system calls
 * of another machine's programs: each is skipped if a plain system call shows
 * the fault of the emulator that it depends on.  And tests that gcc's
 * sanitizers cannot follow.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <net/if.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "unfit.h"

extern char **environ;

struct unfit {
	const char	*test;
	bool		(*is_faulty)(void);
	const char	*why;
};

#ifdef IP_PKTINFO
/* Sends a datagram to fd itself, and receives what the kernel says of it. */
static bool
exchange(int fd, struct msghdr *msg)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	const int on = 1;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0 &&
	    getsockname(fd, (struct sockaddr *)&sin, &len) == 0 &&
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) == 0 &&
	    sendto(fd, "x", 1, 0, (struct sockaddr *)&sin, len) == 1 &&
	    recvmsg(fd, msg, MSG_DONTWAIT) == 1;
}

/* Whether the datagram came by an interface that does not exist. */
static bool
names_no_interface(struct msghdr *msg)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(msg);
	struct in_pktinfo info;
	char name[IF_NAMESIZE];

	if (header == NULL || header->cmsg_level != IPPROTO_IP ||
	    header->cmsg_type != IP_PKTINFO)
		return false;
	memcpy(&info, CMSG_DATA(header), sizeof(info));
	return if_indextoname(info.ipi_ifindex, name) == NULL;
}

static bool
numbers_are_not_swapped(void)
{
	union {
		struct cmsghdr	align;
		char		bytes[256];
	} control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool faulty;

	faulty = fd != -1 && exchange(fd, &msg) && names_no_interface(&msg);
	close(fd);
	return faulty;
}
#else
static bool
numbers_are_not_swapped(void)
{
	return false;
}
#endif

/* POSIX lets the child end with 127 instead, which tells nobody why. */
static bool
spawn_reports_nothing(void)
{
	char name[] = "/no such program", *argv[] = { name, NULL };
	pid_t pid;

	if (posix_spawn(&pid, name, NULL, NULL, argv, environ) != 0)
		return false;
	waitpid(pid, NULL, 0);
	return true;
}

/* gcc 12's stops at a cancelled thread whose frames it has not cleared. */
static bool
sanitizes_addresses(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}

static bool
sanitizes_threads(void)
{
#ifdef __SANITIZE_THREAD__
	return true;
#else
	return false;
#endif
}

#define CANCEL sanitizes_addresses, \
	"AddressSanitizer fails when a thread is cancelled in a call"
#define NUMBERS numbers_are_not_swapped, \
	"the emulator does not swap the bytes of numbers in control data"
#define RACE sanitizes_threads, \
	"it uses numbers of closed descriptors, as nobody else should"
#define SPAWN spawn_reports_nothing, \
	"posix_spawn() does not say that a program cannot be executed"

static const struct unfit list[] = {
	{ "all_that_is_given_goes_together", NUMBERS },
	{ "cmio_recv_datagrams.3", NUMBERS },
	{ "congestion_notification_goes_over_ipv6", NUMBERS },
	{ "congestion_notification_goes_with_a_datagram", NUMBERS },
	{ "congestion_notification_leaves_an_ipv6_socket_over_ipv4",
	    NUMBERS },
	{ "congestion_notification_reaches_an_ipv6_socket_over_ipv4",
	    NUMBERS },
	{ "connected_socket_needs_no_peer", NUMBERS },
	{ "datagrams", NUMBERS },
	{ "earlier_error_leaves_cutting_to_the_kernel", NUMBERS },
	{ "joined_datagrams_are_told_apart", NUMBERS },
	{ "live_source_stays_while_stale_ones_are_deregistered", RACE },
	{ "peers_on_a_link_find_each_other", NUMBERS },
	{ "poll_is_usable_after_its_waiter_was_cancelled", CANCEL },
	{ "poll_is_usable_when_its_waiter_was_cancelled", CANCEL },
	{ "program_that_was_spawned_is_a_child", SPAWN },
	{ "train_goes_on_from_what_is_done", NUMBERS },
	{ "train_of_any_length_is_cut_by_the_kernel", NUMBERS },
	{ "train_that_fits_is_one_call", NUMBERS },
	{ "train_that_is_cut_off_has_whole_datagrams", NUMBERS },
	{ "train_that_the_route_cannot_cut_is_cut_by_cmio", NUMBERS },
	{ "trains_to_several_peers_go_in_one_batch", NUMBERS },
	{ "trigger_after_a_cancelled_wait_ends_the_next", CANCEL },
	{ "udp_transfer_brings_the_file", NUMBERS },
};

const char *
why_unfit(const char *test)
{
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (strcmp(list[i].test, test) == 0 && list[i].is_faulty())
			return list[i].why;
	return NULL;
}
