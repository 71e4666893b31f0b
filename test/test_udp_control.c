/* SPDX-License-Identifier: MIT */
/*
 * Control messages as they are written and read, in memory alone.  What is
 * read may be anything.
 */
#include "sockets.h"

#include <netinet/in.h>

#include "net/control.h"
#include "port/control.h"

static struct control control;

static void
append(int level, int type, const void *data, size_t len)
{
	cmio__control_add(&control, level, type, data, len);
}

static void
append_number(int level, int type, int number)
{
	append(level, type, &number, sizeof(number));
}

static struct cmio_datagrams
parse(size_t len)
{
	struct cmio_datagrams entry = { 0 };

	/* On the heap, so that what reads beyond it is seen by sanitizers. */
	unsigned char *copy = malloc(len + 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, control.data.bytes, len);
	cmio__control_parse(&entry, copy, len);
	free(copy);
	return entry;
}

static struct cmio_datagrams
build_and_parse(struct cmio_datagrams *entry, size_t segment)
{
	struct piece piece = {
		.entry = entry, .peer = &entry->peer,
		.local = &entry->local, .segment = segment,
	};

	cmio__control_build(&control, &piece);
	ck_assert_uint_le(control.len, CONTROL_ROOM);
	return parse(control.len);
}

START_TEST(nothing_asked_for_is_no_message)
{
	struct cmio_datagrams entry = { .peer = address("127.0.0.1:9") };

	build_and_parse(&entry, 0);
	ck_assert_uint_eq(control.len, 0);
}
END_TEST

START_TEST(segment_has_its_kernels_size)
{
	struct cmio_datagrams entry = { .peer = address("127.0.0.1:9") };
	struct control_header header;

	build_and_parse(&entry, 1200);
	memcpy(&header, control.data.bytes, sizeof(header));
	ck_assert_int_eq(header.cmsg_level, IPPROTO_UDP);
	ck_assert_int_eq(header.cmsg_type, CMIO_UDP_CUT);
	ck_assert_uint_eq(header.cmsg_len,
	    CONTROL_LEN(sizeof(CONTROL_SEGMENT)));
}
END_TEST

/* How many messages of this level there are. */
static int
count(int level)
{
	struct control_header header;
	size_t at;
	int n = 0;

	for (at = 0; at < control.len;
	    at += CONTROL_SPACE(header.cmsg_len - CONTROL_LEN(0))) {
		memcpy(&header, control.data.bytes + at, sizeof(header));
		n += header.cmsg_level == level;
	}
	return n;
}

START_TEST(notification_is_of_the_peers_family)
{
	const bool has_v4 = CMIO_IP_RECVTOS != -1;
	struct cmio_datagrams entry = { .ecn = 3 }, got;

	entry.peer = address("127.0.0.1:9");
	got = build_and_parse(&entry, 0);
	ck_assert_uint_eq(got.ecn, has_v4 ? 3 : 0);
	ck_assert_int_eq(count(IPPROTO_IPV6), 0);
	entry.peer = address("[::1]:9");
	got = build_and_parse(&entry, 0);
	ck_assert_uint_eq(got.ecn, 3);
	ck_assert_int_eq(count(IPPROTO_IP), 0);
	entry.peer = address("[::ffff:127.0.0.1]:9");
	got = build_and_parse(&entry, 0);
	ck_assert_uint_eq(got.ecn, has_v4 ? 3 : 0);
	ck_assert_int_eq(count(IPPROTO_IPV6), 0);
	/* Of a connected one nobody knows. */
	entry.peer.len = 0;
	got = build_and_parse(&entry, 0);
	ck_assert_uint_eq(got.ecn, 3);
	ck_assert_int_eq(count(IPPROTO_IP), has_v4);
	ck_assert_int_eq(count(IPPROTO_IPV6), 1);
}
END_TEST

START_TEST(address_of_a_link_goes_with_its_zone)
{
	struct cmio_datagrams entry = { .peer = address("[fe80::2]:9") }, got;

	entry.local = address("[fe80::1%7]:0");
	got = build_and_parse(&entry, 0);
	check_same_address(&got.local, &entry.local);
	ck_assert_uint_eq(got.ifindex, 7);
	entry.ifindex = 3;
	got = build_and_parse(&entry, 0);
	ck_assert_uint_eq(got.ifindex, 3);
	/* One that is no link's has none. */
	entry.local = address("[2001:db8::1]:0");
	got = build_and_parse(&entry, 0);
	check_same_address(&got.local, &entry.local);
	ck_assert_uint_eq(got.ifindex, 3);
}
END_TEST

START_TEST(all_messages_fit)
{
	struct cmio_datagrams entry = { .ecn = 1, .ifindex = 2 }, got;

	entry.local = address("[2001:db8::1]:0");
	got = build_and_parse(&entry, 1200);
	check_same_address(&got.local, &entry.local);
	ck_assert_uint_eq(got.ecn, 1);
	ck_assert_uint_eq(got.ifindex, 2);
}
END_TEST

START_TEST(number_of_any_size_is_read)
{
	unsigned char one = 2;
	uint16_t two = 2;
	char three[3] = { 2, 2, 2 };

	control.len = 0;
	append(IPPROTO_IP, CMIO_IP_TOS, &one, sizeof(one));
	ck_assert_uint_eq(parse(control.len).ecn, 2);
	control.len = 0;
	append(IPPROTO_IP, CMIO_IP_TOS, &two, sizeof(two));
	ck_assert_uint_eq(parse(control.len).ecn, 2);
	control.len = 0;
	append_number(IPPROTO_IP, CMIO_IP_TOS, 0xfe);
	ck_assert_uint_eq(parse(control.len).ecn, 2);
	control.len = 0;
	append(IPPROTO_IP, CMIO_IP_TOS, three, sizeof(three));
	append(IPPROTO_IP, CMIO_IP_TOS, three, 0);
	ck_assert_uint_eq(parse(control.len).ecn, 0);
}
END_TEST

START_TEST(segment_that_is_none_is_not_believed)
{
	static const int wrong[] = { 0, -1, 65536, 0x7fffffff, -0x7fffffff };
	size_t i;

	if (CMIO_UDP_JOIN == -1)
		skip("no datagrams are joined here");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		control.len = 0;
		append_number(IPPROTO_UDP, CMIO_UDP_JOIN, wrong[i]);
		ck_assert_uint_eq(parse(control.len).segment, 0);
	}
	control.len = 0;
	append_number(IPPROTO_UDP, CMIO_UDP_JOIN, 65535);
	ck_assert_uint_eq(parse(control.len).segment, 65535);
}
END_TEST

START_TEST(unknown_messages_are_passed_over)
{
	char other[20] = { 0 };

	control.len = 0;
	append(SOL_SOCKET, 1234, other, sizeof(other));
	append(IPPROTO_IP, 250, other, 1);
	append(IPPROTO_UDP, 250, other, 3);
	append(IPPROTO_IPV6, 250, other, 0);
	append_number(IPPROTO_IPV6, CMIO_IPV6_TCLASS, 1);
	ck_assert_uint_eq(parse(control.len).ecn, 1);
}
END_TEST

/* Every length that the kernel could have stopped at, to the byte. */
START_TEST(messages_that_are_cut_off_end_the_walk)
{
	struct cmio_datagrams entry = { .ecn = 1 }, got;
	size_t len;

	entry.peer = entry.local = address("[2001:db8::1]:0");
	got = build_and_parse(&entry, 0);
	for (len = 0; len < control.len; len++) {
		got = parse(len);
		ck_assert(got.local.len == 0 ||
		    got.local.len == sizeof(struct sockaddr_in6));
	}
}
END_TEST

START_TEST(length_that_lies_ends_the_walk)
{
	static const size_t lies[] = {
		0, 1, 3, sizeof(struct control_header) - 1, CONTROL_ROOM + 1,
		0x7fffffff, 0xffffffff, 0xfffffff8,
	};
	struct control_header header;
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		control.len = 0;
		append_number(IPPROTO_IPV6, CMIO_IPV6_TCLASS, 1);
		append_number(IPPROTO_IPV6, CMIO_IPV6_TCLASS, 2);
		memcpy(&header, control.data.bytes, sizeof(header));
		header.cmsg_len = lies[i];
		memcpy(control.data.bytes, &header, sizeof(header));
		ck_assert_uint_eq(parse(control.len).ecn, 0);
	}
}
END_TEST

static struct cmio_datagrams
received(size_t len, bool truncated, bool control_truncated)
{
	struct cmio_datagrams entry;

	memset(&entry, 0xff, sizeof(entry));
	cmio__received(&entry, len, truncated, control_truncated,
	    control.data.bytes, control.len);
	ck_assert_uint_eq(entry.len, len);
	ck_assert_uint_eq(entry.done, 0);
	ck_assert_uint_eq(entry.local.len, 0);
	ck_assert_uint_eq(entry.ifindex, 0);
	ck_assert_uint_eq(entry.ecn, 0);
	return entry;
}

START_TEST(entry_says_what_is_whole)
{
	struct cmio_datagrams entry;

	control.len = 0;
	entry = received(100, false, false);
	ck_assert_uint_eq(entry.segment, 100);
	ck_assert_uint_eq(entry.flags, 0);
	entry = received(0, false, false);
	ck_assert_uint_eq(entry.segment, 0);
	entry = received(100, true, false);
	ck_assert_uint_eq(entry.segment, 101);
	ck_assert_uint_eq(entry.flags, CMIO_UDP_TRUNCATED);
	/* Perhaps a train whose size did not fit. */
	entry = received(100, false, true);
	ck_assert_uint_eq(entry.segment, 101);
	ck_assert_uint_eq(entry.flags, CMIO_UDP_TRUNCATED);
	if (CMIO_UDP_JOIN == -1)
		return;
	append_number(IPPROTO_UDP, CMIO_UDP_JOIN, 30);
	entry = received(100, false, false);
	ck_assert_uint_eq(entry.segment, 30);
	entry = received(20, false, false);
	ck_assert_uint_eq(entry.segment, 20);
	entry = received(20, true, false);
	ck_assert_uint_eq(entry.segment, 30);
	ck_assert_uint_eq(entry.flags, CMIO_UDP_TRUNCATED);
	entry = received(100, false, true);
	ck_assert_uint_eq(entry.segment, 30);
	ck_assert_uint_eq(entry.flags, 0);
}
END_TEST

static const struct test tests[] = {
	ONCE(nothing_asked_for_is_no_message),
	ONCE(segment_has_its_kernels_size),
	ONCE(notification_is_of_the_peers_family),
	ONCE(address_of_a_link_goes_with_its_zone),
	ONCE(all_messages_fit),
	ONCE(number_of_any_size_is_read),
	ONCE(segment_that_is_none_is_not_believed),
	ONCE(unknown_messages_are_passed_over),
	ONCE(messages_that_are_cut_off_end_the_walk),
	ONCE(length_that_lies_ends_the_walk),
	ONCE(entry_says_what_is_whole),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp_control", tests);
}
