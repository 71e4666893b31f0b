/* SPDX-License-Identifier: MIT */
/*
 * Every public function with invalid arguments: NULL, closed, negative, huge,
 * of the wrong kind.  calls.sh checks that no function is missing.
 */
#include "sockets.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/udp.h>
#include <cmio/waker.h>

static char buf[16];
static struct cmio_addr some_addr;
static struct in_addr group;
static struct in6_addr group6;
static struct iovec iov = { buf, 1 };
static struct iovec *no_iov;
static void *no_buf;
static int number;
static struct cmio_datagrams datagrams = { .buf = buf, .len = 1 };

/* Calls with a source: an expression, and whether it needs a socket. */
#define ON_SOURCES(X)							\
X(cmio_bind(s, &some_addr), true)					\
X(cmio_broadcast(s), true)						\
X(cmio_connect(s, &some_addr), true)					\
X(cmio_finish_connect(s), true)						\
X(cmio_join_multicast_v4(s, &group, &group), true)			\
X(cmio_join_multicast_v6(s, &group6, 1), true)				\
X(cmio_leave_multicast_v4(s, &group, &group), true)			\
X(cmio_leave_multicast_v6(s, &group6, 1), true)				\
X(cmio_linger(s, &number), true)					\
X(cmio_listen(s, 1), true)						\
X(cmio_local_addr(s, &(struct cmio_addr){ 0 }), true)			\
X(cmio_multicast_loop_v4(s), true)					\
X(cmio_multicast_loop_v6(s), true)					\
X(cmio_multicast_ttl_v4(s), true)					\
X(cmio_keepalive(s, &(struct cmio_keepalive){ 0 }), true)		\
X(cmio_nodelay(s), true)						\
X(cmio_only_v6(s), true)						\
X(cmio_peer_addr(s, &some_addr), true)					\
X(cmio_read(s, buf, 1), false)						\
X(cmio_readv(s, &iov, 1), false)					\
X(cmio_recv(s, buf, 1, 0), true)					\
X(cmio_recv_buffer_size(s), true)					\
X(cmio_recv_datagrams(s, &datagrams, 1), true)				\
X(cmio_recvfrom(s, buf, 1, 0, NULL), true)				\
X(cmio_recvmsg(s, &(struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 },	\
    0), true)								\
X(cmio_reuseaddr(s), true)						\
X(cmio_reuseport(s), true)						\
X(cmio_send(s, buf, 1, 0), true)					\
X(cmio_send_buffer_size(s), true)					\
X(cmio_send_datagrams(s, &datagrams, 1), true)				\
X(cmio_sendmsg(s, &(struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 },	\
    0), true)								\
X(cmio_sendto(s, buf, 1, 0, &some_addr), true)				\
X(cmio_set_broadcast(s, 1), true)					\
X(cmio_set_linger(s, 1), true)						\
X(cmio_set_keepalive(s, &(struct cmio_keepalive){ 1, 9, 9, 3 }), true)	\
X(cmio_set_multicast_loop_v4(s, 1), true)				\
X(cmio_set_multicast_loop_v6(s, 1), true)				\
X(cmio_set_multicast_ttl_v4(s, 1), true)				\
X(cmio_set_nodelay(s, 1), true)						\
X(cmio_adopt(s, s == NULL ? CMIO_FD_NONE : s->fd), false)		\
X(cmio_set_nonblocking(s, 1), false)					\
X(cmio_set_only_v6(s, 1), true)						\
X(cmio_set_recv_buffer_size(s, 4096), true)				\
X(cmio_set_reuseaddr(s, 1), true)					\
X(cmio_set_reuseport(s, 1), true)					\
X(cmio_set_send_buffer_size(s, 4096), true)				\
X(cmio_set_ttl(s, 3), true)						\
X(cmio_shutdown(s, SHUT_RD), true)					\
X(cmio_accept(s, &(struct cmio_source){ 0 }, NULL), true)		\
X(cmio_take_error(s), true)						\
X(cmio_ttl(s), true)							\
X(cmio_udp_enable(s, 0), true)						\
X(cmio_write(s, buf, 1), false)						\
X(cmio_writev(s, &iov, 1), false)

static long
call(int which, struct cmio_source *s)
{
	int i = 0;

#define X(expression, sockets)	if (i++ == which) return (long)(expression);
	ON_SOURCES(X)
#undef X
	return 0;
}

static const struct {
	const char	*text;
	bool		 sockets;
} calls[] = {
#define X(expression, sockets)	{ #expression, sockets },
	ON_SOURCES(X)
#undef X
};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static void
fails_with(int which, struct cmio_source *source, int error)
{
	long rc;

	errno = 0;
	rc = call(which, source);
	if (rc != -1 || errno != error)
		ck_abort_msg("%s: %ld, %s, not %s", calls[which].text, rc,
		    strerror(errno), strerror(error));
}

START_TEST(null_is_no_source)
{
	int i;

	for (i = 0; i < CALLS; i++)
		fails_with(i, NULL, EINVAL);
	ck_assert_errno(cmio_close(NULL), EINVAL);
	ck_assert_errno(cmio_release(NULL), EINVAL);
	ck_assert_errno(cmio_release_unshared(NULL), EINVAL);
	cmio_source_init(NULL, 3);
}
END_TEST

START_TEST(number_without_descriptor_is_a_bad_one)
{
	static const int numbers[] = { -1, -2, INT_MIN, INT_MAX, 1 << 20 };
	struct cmio_source source;
	int i, j;

	some_addr = address("127.0.0.1:9");
	group.s_addr = htonl(0xe0000181);
	for (j = 0; j < 5; j++) {
		cmio_source_init(&source, numbers[j]);
		for (i = 0; i < CALLS; i++)
			fails_with(i, &source, EBADF);
		ck_assert_errno(cmio_close(&source), EBADF);
	}
}
END_TEST

START_TEST(pipe_is_no_socket)
{
	struct cmio_source ends[2];
	int i;

	some_addr = address("127.0.0.1:9");
	group.s_addr = htonl(0xe0000181);
	ck_assert_ok(cmio_pipe(&ends[0], &ends[1]));
	for (i = 0; i < CALLS; i++)
		if (calls[i].sockets)
			fails_with(i, &ends[i % 2], ENOTSOCK);
	ck_assert_ok(cmio_close(&ends[0]));
	ck_assert_ok(cmio_close(&ends[1]));
}
END_TEST

START_TEST(registration_takes_what_it_knows)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, none = CMIO_SOURCE(CMIO_FD_NONE);
	struct cmio_source huge = CMIO_SOURCE(INT_MAX);
	struct cmio_source negative = CMIO_SOURCE(INT_MIN);
	unsigned int bit, known;

	known = CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY;
	/* FreeBSD and NetBSD have a filter for these. */
	if (is_kqueue(_i))
		known |= CMIO_AIO | CMIO_LIO;
	tcp_listen(&source);
	for (bit = 1; bit != 0; bit <<= 1) {
		if (bit & known)
			continue;
		ck_assert_errno(cmio_register(poll, &source, 1, bit), EINVAL);
		ck_assert_ptr_null(source.state);
	}
	ck_assert_errno(cmio_register(poll, &source, 1, 0), EINVAL);
	ck_assert_errno(cmio_register(poll, &source, 1, ~0u), EINVAL);
	ck_assert_errno(cmio_register(NULL, &source, 1, 1), EINVAL);
	ck_assert_errno(cmio_register(poll, NULL, 1, 1), EINVAL);
	ck_assert_errno(cmio_register(poll, &none, 1, 1), EBADF);
	ck_assert_errno(cmio_register(poll, &huge, 1, 1), EBADF);
	ck_assert_errno(cmio_register(poll, &negative, 1, 1), EBADF);
	ck_assert_errno(cmio_reregister(NULL, &source, 1, 1), EINVAL);
	ck_assert_errno(cmio_reregister(poll, NULL, 1, 1), EINVAL);
	ck_assert_errno(cmio_reregister(poll, &source, 1, 0), EINVAL);
	ck_assert_errno(cmio_reregister(poll, &source, 1, 1), ENOENT);
	ck_assert_errno(cmio_deregister(poll, NULL), EINVAL);
	ck_assert_errno(cmio_deregister(NULL, NULL), EINVAL);
	ck_assert_errno(cmio_deregister(poll, &source), ENOENT);
	ck_assert_ok(cmio_deregister(NULL, &source));
	ck_assert_errno(cmio_rearm(NULL, CMIO_READABLE), EINVAL);
	ck_assert_errno(cmio_rearm(&source, 0), EINVAL);
	ck_assert_errno(cmio_rearm(&source, ~0u), EINVAL);
	ck_assert_ok(cmio_rearm(&source, CMIO_READABLE));
	ck_assert_ok(cmio_close(&source));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wait_takes_room_and_time)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;

	ck_assert_errno(cmio_poll_wait(NULL, &event, 1, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, NULL, 1, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, 0, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, INT_MIN, 0), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, 1, -2), EINVAL);
	ck_assert_errno(cmio_poll_wait(poll, &event, 1, INT64_MIN), EINVAL);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(poll_is_none_without_a_selector)
{
	ck_assert_ptr_null(cmio_poll_new(""));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_ptr_null(cmio_poll_new("epoll "));
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_ptr_null(cmio_poll_ref(NULL));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(cmio_poll_selector(NULL));
	ck_assert_errno(cmio_poll_fd(NULL), EINVAL);
	cmio_poll_unref(NULL);
	ck_assert_ptr_nonnull(cmio_version());
	ck_assert_ptr_nonnull(cmio_selectors()[0]);
}
END_TEST

START_TEST(user_event_and_waker_need_a_poll)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event event = { 0, { NULL } };

	ck_assert_errno(cmio_user_event_add(NULL, &event, 1), EINVAL);
	ck_assert_errno(cmio_user_event_add(poll, NULL, 1), EINVAL);
	ck_assert_errno(cmio_user_event_trigger(NULL), EINVAL);
	ck_assert_errno(cmio_user_event_trigger(&event), ENOENT);
	ck_assert_errno(cmio_user_event_remove(NULL), EINVAL);
	ck_assert_errno(cmio_user_event_remove(&event), ENOENT);
	ck_assert_ptr_null(cmio_waker_new(NULL, 1));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_errno(cmio_waker_wake(NULL), EINVAL);
	cmio_waker_free(NULL);
	cmio_poll_unref(poll);
}
END_TEST

/* If making a source fails, nothing is written. */
START_TEST(source_is_not_made_of_nothing)
{
	struct cmio_source source = CMIO_SOURCE(-7), pair[2];
	struct cmio_addr addr = address("127.0.0.1:9"), none = { 0 };

	ck_assert_errno(cmio_socket(NULL, AF_INET, SOCK_STREAM, 0), EINVAL);
	ck_assert_int_eq(cmio_socket(&source, -1, SOCK_STREAM, 0), -1);
	ck_assert_int_eq(cmio_socket(&source, AF_INET, -1, 0), -1);
	ck_assert_int_eq(cmio_socket(&source, AF_INET, SOCK_STREAM, -1), -1);
	ck_assert_errno(cmio_tcp_listen(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_tcp_listen(&source, NULL), EINVAL);
	ck_assert_int_eq(cmio_tcp_listen(&source, &none), -1);
	ck_assert_errno(cmio_tcp_connect(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_tcp_connect(&source, NULL), EINVAL);
	ck_assert_errno(cmio_udp_bind(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_udp_bind(&source, NULL), EINVAL);
	ck_assert_errno(cmio_unix_listen(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_unix_listen(&source, NULL), EINVAL);
	ck_assert_int_eq(cmio_unix_listen(&source, &addr), -1);
	ck_assert_errno(cmio_unix_connect(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_unix_connect(&source, NULL), EINVAL);
	ck_assert_errno(cmio_unix_datagram(NULL, NULL), EINVAL);
	ck_assert_errno(cmio_unix_pair(NULL, SOCK_STREAM), EINVAL);
	ck_assert_int_eq(cmio_unix_pair(pair, -1), -1);
	ck_assert_errno(cmio_pipe(NULL, &source), EINVAL);
	ck_assert_errno(cmio_pipe(&source, NULL), EINVAL);
	ck_assert(source.fd == (cmio_fd)-7);
}
END_TEST

START_TEST(address_longer_than_any_is_refused)
{
	struct cmio_addr addr = address("127.0.0.1:9");
	struct cmio_source source;

	ck_assert_ok(cmio_socket(&source, AF_INET, SOCK_DGRAM, 0));
	addr.len = (socklen_t)sizeof(addr.ss) + 1;
	ck_assert_int_eq(cmio_bind(&source, &addr), -1);
	ck_assert_int_eq(cmio_connect(&source, &addr), -1);
	ck_assert_int_eq(cmio_sendto(&source, "x", 1, 0, &addr), -1);
	addr.len = UINT_MAX;
	ck_assert_int_eq(cmio_bind(&source, &addr), -1);
	ck_assert_int_eq(cmio_sendto(&source, "x", 1, 0, &addr), -1);
	ck_assert_int_eq(cmio_tcp_connect(&source, &addr), -1);
	cmio_addr_format(&addr, buf, sizeof(buf));
	ck_assert_ok(cmio_close(&source));
}
END_TEST

START_TEST(text_needs_no_more_than_its_room)
{
	struct cmio_addr addr = address("127.0.0.1:9");
	size_t len = 77;
	char small[4] = "???";
	char name[200];

	memset(name, 'n', sizeof(name));
	ck_assert_errno(cmio_addr_parse(NULL, "127.0.0.1:1"), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, NULL), EINVAL);
	ck_assert_errno(cmio_addr_parse(&addr, ""), EINVAL);
	ck_assert_errno(cmio_addr_format(NULL, small, 4), EINVAL);
	ck_assert_int_eq(cmio_addr_format(&addr, NULL, 0), 11);
	ck_assert_int_eq(cmio_addr_format(&addr, small, 2), 11);
	ck_assert_str_eq(small, "1");
	ck_assert_int_eq(small[2], '?');
	ck_assert_errno(cmio_addr_unix(NULL, "/x", 2), EINVAL);
	ck_assert_errno(cmio_addr_unix(&addr, NULL, 2), EINVAL);
	ck_assert_errno(cmio_addr_unix(&addr, name, sizeof(name)),
	    ENAMETOOLONG);
	ck_assert_int_eq(cmio_addr_unix(&addr, "x", SIZE_MAX), -1);
	ck_assert_ptr_null(cmio_addr_unix_name(NULL, &len));
	ck_assert_int_gt(cmio_ready_format(~0u, NULL, 0), 0);
	small[1] = '?';
	ck_assert_int_gt(cmio_ready_format(~0u, small, 1), 0);
	ck_assert_int_eq(small[0], '\0');
	ck_assert_int_eq(small[1], '?');
}
END_TEST

/* NULL, and counts below zero. */
START_TEST(vectors_have_a_length)
{
	struct cmio_source pair[2];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	ck_assert_errno(cmio_readv(&pair[0], &iov, -1), EINVAL);
	ck_assert_errno(cmio_readv(&pair[0], &iov, INT_MIN), EINVAL);
	ck_assert_errno(cmio_writev(&pair[0], &iov, -1), EINVAL);
	ck_assert_int_eq(cmio_readv(&pair[0], no_iov, 1), -1);
	ck_assert_int_eq(cmio_writev(&pair[0], no_iov, 1), -1);
	ck_assert_int_eq(cmio_write(&pair[0], no_buf, 1), -1);
	ck_assert_int_eq(cmio_send(&pair[0], no_buf, 1, 0), -1);
	ck_assert_int_eq(cmio_read(&pair[1], buf, 1), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(cmio_recvmsg(&pair[0], NULL, 0), -1);
	ck_assert_int_eq(cmio_sendmsg(&pair[0], NULL, 0), -1);
	ck_assert_ok(cmio_close(&pair[0]));
	ck_assert_ok(cmio_close(&pair[1]));
}
END_TEST

START_TEST(options_out_of_range_are_refused_or_cut)
{
	static const int values[] = { INT_MIN, -1, 0, 1, 256, INT_MAX };
	const struct cmio_keepalive negative = { 1, -1, -1, -1 };
	struct cmio_source tcp, udp;
	size_t i;

	ck_assert_ok(cmio_socket(&tcp, AF_INET, SOCK_STREAM, 0));
	ck_assert_ok(cmio_socket(&udp, AF_INET, SOCK_DGRAM, 0));
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		(void)cmio_set_ttl(&tcp, values[i]);
		(void)cmio_set_multicast_ttl_v4(&udp, values[i]);
		(void)cmio_set_recv_buffer_size(&tcp, values[i]);
		(void)cmio_set_send_buffer_size(&tcp, values[i]);
		(void)cmio_set_linger(&tcp, values[i]);
		ck_assert_int_ge(cmio_ttl(&tcp), 0);
		ck_assert_int_le(cmio_ttl(&tcp), 255);
		ck_assert_int_ge(cmio_recv_buffer_size(&tcp), 0);
	}
	ck_assert_int_eq(cmio_set_ttl(&tcp, 256), -1);
	ck_assert_int_eq(cmio_set_multicast_ttl_v4(&udp, 256), -1);
	ck_assert_int_eq(cmio_set_keepalive(&tcp, &negative), -1);
	ck_assert_errno(cmio_keepalive(&tcp, NULL), EINVAL);
	ck_assert_errno(cmio_local_addr(&tcp, NULL), EINVAL);
	ck_assert_errno(cmio_peer_addr(&tcp, NULL), EINVAL);
	ck_assert_errno(cmio_join_multicast_v4(&udp, NULL, NULL), EINVAL);
	ck_assert_errno(cmio_join_multicast_v6(&udp, NULL, 0), EINVAL);
	ck_assert_errno(cmio_leave_multicast_v4(&udp, NULL, NULL), EINVAL);
	ck_assert_errno(cmio_leave_multicast_v6(&udp, NULL, 0), EINVAL);
	ck_assert_errno(cmio_shutdown(&tcp, 99), EINVAL);
	ck_assert_ok(cmio_close(&tcp));
	ck_assert_ok(cmio_close(&udp));
}
END_TEST

/* What is wrong with the second of two entries, and what it is. */
static const struct {
	struct cmio_datagrams	entry;
	int			error;
} wrong_entries[] = {
	{ { .buf = NULL, .len = 1 }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = 65536 }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = SIZE_MAX }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = 4, .done = 9 }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = 4, .done = 8 }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = 4, .done = 3 }, EINVAL },
	{ { .buf = buf, .len = 8, .done = 1 }, EINVAL },
	{ { .buf = buf, .len = 8, .segment = 8, .done = 4 }, EINVAL },
	{ { .buf = buf, .len = 8, .ecn = 4 }, EINVAL },
	{ { .buf = buf, .len = 8, .ecn = UINT_MAX }, EINVAL },
	{ { .buf = buf, .len = 8, .reserved = 1 }, EINVAL },
	{ { .buf = buf, .len = 8, .reserved2 = { 1, 0 } }, EINVAL },
	{ { .buf = buf, .len = 8, .reserved2 = { 0, 1 } }, EINVAL },
	{ { .buf = buf, .len = 8, .peer = { .len = 1 } }, EINVAL },
	{ { .buf = buf, .len = 8, .peer = { .len = UINT_MAX } }, EINVAL },
	{ { .buf = buf, .len = 8, .local = { .len = UINT_MAX } }, EINVAL },
	{ { .buf = buf, .len = 8, .local = { .len = 16 } }, EAFNOSUPPORT },
	{ { .buf = buf, .len = 8, .peer = {
	    .len = sizeof(struct sockaddr_in),
	    .ss.ss_family = AF_UNIX } }, EAFNOSUPPORT },
	{ { .buf = buf, .len = 8, .peer = {
	    .len = sizeof(struct sockaddr_in) - 1,
	    .ss.ss_family = AF_INET } }, EINVAL },
	{ { .buf = buf, .len = 8, .peer = {
	    .len = sizeof(struct sockaddr_in6) - 1,
	    .ss.ss_family = AF_INET6 } }, EINVAL },
	{ { .buf = buf, .len = 8, .peer = {
	    .len = sizeof(struct sockaddr_in), .ss.ss_family = AF_INET },
	    .local = { .len = sizeof(struct sockaddr_in6),
	    .ss.ss_family = AF_INET6 } }, EAFNOSUPPORT },
};
enum { WRONG = sizeof(wrong_entries) / sizeof(wrong_entries[0]) };

/* Not even what comes before it is sent. */
START_TEST(batch_with_a_wrong_entry_is_refused_whole)
{
	struct cmio_datagrams two[2] = { { .buf = buf, .len = 1 } };
	struct cmio_source a, b;
	size_t i;

	udp_bind(&a);
	two[0].peer = udp_bind(&b);
	for (i = 0; i < WRONG; i++) {
		two[1] = wrong_entries[i].entry;
		ck_assert_errno(cmio_send_datagrams(&a, two, 2),
		    wrong_entries[i].error);
		if (cmio_udp_enable(&a, 0) == -1)
			ck_abort_msg("cmio_udp_enable");
	}
	expect_would_block(cmio_read(&b, buf, sizeof(buf)));
	close_sources(&a, &b);
}
END_TEST

START_TEST(batch_has_entries_and_room)
{
	static const int wrong[] = { 0, -1, INT_MIN };
	struct cmio_datagrams entry = { .buf = buf, .len = 1 };
	struct cmio_source a;
	size_t i;

	udp_bind(&a);
	for (i = 0; i < 3; i++) {
		ck_assert_errno(cmio_recv_datagrams(&a, &entry, wrong[i]),
		    EINVAL);
		ck_assert_errno(cmio_send_datagrams(&a, &entry, wrong[i]),
		    EINVAL);
	}
	ck_assert_errno(cmio_recv_datagrams(&a, NULL, 1), EINVAL);
	ck_assert_errno(cmio_send_datagrams(&a, NULL, 1), EINVAL);
	entry.buf = NULL;
	ck_assert_errno(cmio_recv_datagrams(&a, &entry, 1), EINVAL);
	entry = (struct cmio_datagrams){ .buf = buf, .len = 1, .reserved = 1 };
	ck_assert_errno(cmio_recv_datagrams(&a, &entry, 1), EINVAL);
	entry = (struct cmio_datagrams){ .buf = buf, .len = 1,
	    .reserved2 = { 0, 1 } };
	ck_assert_errno(cmio_recv_datagrams(&a, &entry, 1), EINVAL);
	/* No room is none too little. */
	entry = (struct cmio_datagrams){ .buf = NULL, .len = 0 };
	expect_would_block(cmio_recv_datagrams(&a, &entry, 1));
	ck_assert_errno(cmio_udp_max_segments(&a, 0), EINVAL);
	ck_assert_errno(cmio_udp_max_segments(&a, SIZE_MAX), EINVAL);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

/* Its bytes would be sent, and their boundaries lost. */
START_TEST(stream_takes_no_datagrams)
{
	struct cmio_source pair[2], unknown;
	struct cmio_datagrams entry = { .buf = buf, .len = 1 };

	tcp_pair(&pair[0], &pair[1]);
	ck_assert_errno(cmio_send_datagrams(&pair[0], &entry, 1), EPROTOTYPE);
	ck_assert_errno(cmio_recv_datagrams(&pair[1], &entry, 1), EPROTOTYPE);
	ck_assert_errno(cmio_udp_enable(&pair[0], 0), EPROTOTYPE);
	cmio_source_init(&unknown, pair[0].fd);
	ck_assert_errno(cmio_send_datagrams(&unknown, &entry, 1), EPROTOTYPE);
	expect_would_block(cmio_read(&pair[1], buf, sizeof(buf)));
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(unix_datagram_socket_is_no_udp_socket)
{
	struct cmio_source pair[2];

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	ck_assert_errno(cmio_udp_enable(&pair[0], 0), EAFNOSUPPORT);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

/* The kernel says which families a socket has, and cmio what it says. */
START_TEST(peer_of_another_family_is_refused)
{
	struct cmio_datagrams entry = { .buf = buf, .len = 1 };
	struct cmio_source a;

	udp_bind(&a);
	entry.peer = address("[::1]:9");
	ck_assert_int_eq(cmio_send_datagrams(&a, &entry, 1), -1);
	ck_assert(errno == EAFNOSUPPORT || errno == EINVAL);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

static const struct test tests[] = {
	ONCE(null_is_no_source),
	ONCE(number_without_descriptor_is_a_bad_one),
	ONCE(pipe_is_no_socket),
	EACH_SELECTOR(registration_takes_what_it_knows),
	EACH_SELECTOR(wait_takes_room_and_time),
	ONCE(poll_is_none_without_a_selector),
	EACH_SELECTOR(user_event_and_waker_need_a_poll),
	ONCE(source_is_not_made_of_nothing),
	ONCE(address_longer_than_any_is_refused),
	ONCE(text_needs_no_more_than_its_room),
	ONCE(vectors_have_a_length),
	ONCE(options_out_of_range_are_refused_or_cut),
	ONCE(batch_with_a_wrong_entry_is_refused_whole),
	ONCE(batch_has_entries_and_room),
	ONCE(stream_takes_no_datagrams),
	ONCE(unix_datagram_socket_is_no_udp_socket),
	ONCE(peer_of_another_family_is_refused),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "bad_input", tests);
}
