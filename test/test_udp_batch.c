/* SPDX-License-Identifier: MIT */
/* Datagrams in batches: cmio_recv_datagrams(3), cmio_udp_enable(3). */
#include "batches.h"

#include <net/if.h>
#include <netinet/in.h>

#include <stddef.h>

static unsigned char bytes[MANY][1500];
static unsigned char train[MANY * 1200];
static struct cmio_datagrams entries[MANY];

/* Single datagrams in batches of both sides' own, from one number on. */
static void
transfer(struct batch_pair *pair, int send_batch, int recv_batch)
{
	int i, n;

	for (i = 0; i < MANY; i++)
		fill_entry(&entries[i], bytes[i], (unsigned int)i, 1, 400,
		    &pair->b_addr);
	for (i = 0; i < MANY; i += n) {
		n = MANY - i < send_batch ? MANY - i : send_batch;
		send_whole(&pair->a, entries + i, n);
		expect_datagrams(pair->poll, &pair->b, B, (unsigned int)i, n,
		    400, recv_batch, &pair->a_addr);
	}
	expect_would_block(cmio_recv_datagrams(&pair->b, entries, 1));
}

static void
transfer_on(int selector, const char *on)
{
	static const int batches[] = { 1, 2, 7, 63, 64 };
	struct batch_pair pair;
	size_t i;

	open_pair(&pair, selector, on);
	ck_assert_ok(cmio_set_recv_buffer_size(&pair.b, 1 << 20));
	for (i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		transfer(&pair, batches[i], 64);
		transfer(&pair, 32, batches[i]);
	}
	transfer(&pair, 100, 64);
	close_pair(&pair);
}

START_TEST(batches_of_any_size_arrive_in_order)
{
	transfer_on(_i, "127.0.0.1:0");
}
END_TEST

START_TEST(batches_of_any_size_arrive_in_order_over_ipv6)
{
	if (!has_ipv6())
		skip("there is no ::1");
	transfer_on(_i, "[::1]:0");
}
END_TEST

/* Trains with whatever cuts them, and a shorter end. */
static void
send_train(struct batch_pair *pair, int datagrams, size_t size, size_t last)
{
	struct cmio_datagrams entry;

	fill_entry(&entry, train, 0, datagrams + 1, size, &pair->b_addr);
	entry.len -= size - last;
	send_whole(&pair->a, &entry, 1);
	ck_assert_int_ge(expect_datagrams(pair->poll, &pair->b, B, 0,
	    datagrams, size, 1, &pair->a_addr), 1);
	if (last != 0)
		expect_datagrams(pair->poll, &pair->b, B,
		    (unsigned int)datagrams, 1, last, 1, &pair->a_addr);
}

static void
send_trains(struct batch_pair *pair)
{
	send_train(pair, 1, 1200, 0);
	send_train(pair, 2, 1200, 0);
	send_train(pair, 31, 1200, 700);
	send_train(pair, 54, 1200, 0);
	send_train(pair, 55, 1200, 0);
	/* More than 64 KiB, and more datagrams than one call cuts. */
	send_train(pair, 120, 1200, 1);
	send_train(pair, 150, 10, 9);
	send_train(pair, 4, 30000, 0);
}

START_TEST(train_of_any_length_is_cut_by_cmio)
{
	struct batch_pair pair;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_set_recv_buffer_size(&pair.b, 1 << 20));
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, 1200), 1);
	send_trains(&pair);
	close_pair(&pair);
}
END_TEST

START_TEST(train_of_any_length_is_cut_by_the_kernel)
{
	struct batch_pair pair;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_set_recv_buffer_size(&pair.b, 1 << 20));
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	send_trains(&pair);
	close_pair(&pair);
}
END_TEST

START_TEST(kernel_cuts_as_many_as_it_says)
{
	struct cmio_source a;
	int given;

	udp_bind(&a);
	given = cmio_udp_enable(&a, 0);
	ck_assert_int_eq(given & ~CMIO_UDP_SEGMENT, 0);
	if (given & CMIO_UDP_SEGMENT) {
		ck_assert_int_eq(cmio_udp_max_segments(&a, 1200), 54);
		ck_assert_int_eq(cmio_udp_max_segments(&a, 100), 64);
		ck_assert_int_eq(cmio_udp_max_segments(&a, 1), 64);
		/* Headers with options count as well. */
		ck_assert_int_eq(cmio_udp_max_segments(&a, 6550), 9);
	} else
		ck_assert_int_eq(cmio_udp_max_segments(&a, 1200), 1);
	ck_assert_int_eq(cmio_udp_max_segments(&a, 40000), 1);
	ck_assert_int_eq(cmio_udp_max_segments(&a, 65535), 1);
	ck_assert_errno(cmio_udp_max_segments(&a, 0), EINVAL);
	ck_assert_errno(cmio_udp_max_segments(&a, 65536), EINVAL);
	ck_assert_errno(cmio_udp_max_segments(NULL, 1200), EINVAL);
	ck_assert_ok(cmio_close(&a));
}
END_TEST

START_TEST(joined_datagrams_are_told_apart)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;
	int largest, given;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_set_recv_buffer_size(&pair.b, 1 << 20));
	given = cmio_udp_enable(&pair.b, CMIO_UDP_COALESCE);
	ck_assert_int_ge(given, 0);
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	fill_entry(&entry, train, 9, 32, 1200, &pair.b_addr);
	send_whole(&pair.a, &entry, 1);
	largest = expect_datagrams(pair.poll, &pair.b, B, 9, 32, 1200, 4,
	    &pair.a_addr);
	if (given & CMIO_UDP_COALESCE)
		ck_assert_int_eq(largest, 32);
	else
		ck_assert_int_eq(largest, 1);
	/* One by itself is no train. */
	fill_entry(&entry, train, 9, 1, 1200, &pair.b_addr);
	send_whole(&pair.a, &entry, 1);
	ck_assert_int_eq(expect_datagrams(pair.poll, &pair.b, B, 9, 1, 1200,
	    4, &pair.a_addr), 1);
	close_pair(&pair);
}
END_TEST

START_TEST(trains_to_several_peers_go_in_one_batch)
{
	enum { PEERS = 16, EACH = 8, SIZE = 300 };
	struct batch_pair pair;
	struct cmio_source peers[PEERS];
	struct cmio_addr addr;
	int i;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	for (i = 0; i < PEERS; i++) {
		addr = udp_bind(&peers[i]);
		fill_entry(&entries[i], train + i * EACH * SIZE,
		    (unsigned int)i * EACH, EACH, SIZE, &addr);
	}
	send_whole(&pair.a, entries, PEERS);
	for (i = 0; i < PEERS; i++) {
		ck_assert_ok(cmio_register(pair.poll, &peers[i], 7,
		    CMIO_READABLE));
		expect_datagrams(pair.poll, &peers[i], 7,
		    (unsigned int)i * EACH, EACH, SIZE, EACH, &pair.a_addr);
		ck_assert_ok(cmio_close(&peers[i]));
	}
	close_pair(&pair);
}
END_TEST

START_TEST(empty_datagram_is_an_entry)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;
	int i;

	open_pair(&pair, _i, "127.0.0.1:0");
	for (i = 0; i < 3; i++)
		fill_entry(&entries[i], bytes[i], 1, 1, i == 1 ? 0 : 50,
		    &pair.b_addr);
	entries[1].buf = NULL;
	entries[1].segment = 9;
	send_whole(&pair.a, entries, 3);
	for (i = 0; i < 3; i++) {
		entry = receive_one(pair.poll, &pair.b, B);
		ck_assert_uint_eq(entry.len, i == 1 ? 0 : 50);
		ck_assert_uint_eq(entry.segment, entry.len);
		ck_assert_uint_eq(entry.flags, 0);
		check_same_address(&entry.peer, &pair.a_addr);
	}
	close_pair(&pair);
}
END_TEST

START_TEST(batch_of_fewer_counts_as_eagain)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;
	int i, round;

	open_pair(&pair, _i, "127.0.0.1:0");
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 3; i++)
			fill_entry(&entries[i], bytes[i], 0, 1, 50,
			    &pair.b_addr);
		send_whole(&pair.a, entries, 3);
		wait_for(pair.poll, B, CMIO_READABLE);
		for (i = 0; i < 8; i++) {
			memset(&entries[i], 0, sizeof(entries[i]));
			entries[i].buf = bytes[i];
			entries[i].len = sizeof(bytes[i]);
		}
		ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 8), 3);
	}
	/* One that takes all that it asked for has to go on. */
	fill_entry(&entry, bytes[0], 0, 1, 50, &pair.b_addr);
	send_whole(&pair.a, &entry, 1);
	wait_for(pair.poll, B, CMIO_READABLE);
	entry.len = sizeof(bytes[0]);
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, &entry, 1), 1);
	entry.len = sizeof(bytes[0]);
	expect_would_block(cmio_recv_datagrams(&pair.b, &entry, 1));
	expect_nothing(pair.poll);
	fill_entry(&entry, bytes[0], 0, 1, 50, &pair.b_addr);
	send_whole(&pair.a, &entry, 1);
	wait_for(pair.poll, B, CMIO_READABLE);
	close_pair(&pair);
}
END_TEST

START_TEST(level_reports_what_a_batch_has_left)
{
	struct batch_pair pair;
	int i;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_reregister(pair.poll, &pair.b, B,
	    CMIO_READABLE | CMIO_LEVEL));
	for (i = 0; i < 3; i++)
		fill_entry(&entries[i], bytes[i], 0, 1, 50, &pair.b_addr);
	send_whole(&pair.a, entries, 3);
	for (i = 0; i < 3; i++) {
		wait_for(pair.poll, B, CMIO_READABLE);
		entries[0].len = sizeof(bytes[0]);
		ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 1), 1);
	}
	expect_nothing(pair.poll);
	close_pair(&pair);
}
END_TEST

START_TEST(datagram_that_is_cut_off_says_so)
{
	struct batch_pair pair;
	int i;

	open_pair(&pair, _i, "127.0.0.1:0");
	for (i = 0; i < 3; i++)
		fill_entry(&entries[i], bytes[i], 0, 1, 100, &pair.b_addr);
	send_whole(&pair.a, entries, 3);
	wait_for(pair.poll, B, CMIO_READABLE);
	memset(bytes, 0xee, sizeof(bytes));
	for (i = 0; i < 3; i++)
		entries[i].len = i == 1 ? 60 : 100;
	/* Loopback may still be at it. */
	for (i = 0; i < 3; i++) {
		while (cmio_recv_datagrams(&pair.b, &entries[i], 1) == -1)
			wait_for(pair.poll, B, CMIO_READABLE);
		if (i != 1) {
			ck_assert_uint_eq(entries[i].flags, 0);
			ck_assert_uint_eq(entries[i].len, 100);
			continue;
		}
		ck_assert_uint_eq(entries[i].flags, CMIO_UDP_TRUNCATED);
		ck_assert_uint_eq(entries[i].len, 60);
		ck_assert_uint_eq(entries[i].len / entries[i].segment, 0);
		ck_assert_uint_eq(bytes[i][59], byte_of(0, 59));
		ck_assert_uint_eq(bytes[i][60], 0xee);
	}
	close_pair(&pair);
}
END_TEST

START_TEST(train_that_is_cut_off_has_whole_datagrams)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_set_recv_buffer_size(&pair.b, 1 << 20));
	if ((cmio_udp_enable(&pair.b, CMIO_UDP_COALESCE) &
	    CMIO_UDP_COALESCE) == 0 ||
	    (cmio_udp_enable(&pair.a, 0) & CMIO_UDP_SEGMENT) == 0) {
		close_pair(&pair);
		skip("no datagrams are joined here");
	}
	fill_entry(&entry, train, 0, 10, 1000, &pair.b_addr);
	send_whole(&pair.a, &entry, 1);
	send_whole(&pair.a, &entry, 1);
	wait_for(pair.poll, B, CMIO_READABLE);
	memset(&entry, 0, sizeof(entry));
	entry.buf = received_bytes[0];
	entry.len = 3500;
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, &entry, 1), 1);
	ck_assert_uint_eq(entry.flags, CMIO_UDP_TRUNCATED);
	ck_assert_uint_eq(entry.len, 3500);
	ck_assert_uint_eq(entry.segment, 1000);
	ck_assert_uint_eq(received_bytes[0][2999], byte_of(2, 999));
	/* The next is as it was sent. */
	expect_datagrams(pair.poll, &pair.b, B, 0, 10, 1000, 1,
	    &pair.a_addr);
	close_pair(&pair);
}
END_TEST

/* One too large is skipped by whoever reads the page. */
START_TEST(datagram_too_large_is_an_error_of_its_own)
{
	struct batch_pair pair;
	int i, rc;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	for (i = 0; i < 5; i++)
		fill_entry(&entries[i], bytes[i], (unsigned int)i, 1, 300,
		    &pair.b_addr);
	entries[2].buf = train;
	entries[2].len = 65530;
	rc = cmio_send_datagrams(&pair.a, entries, 5);
	ck_assert_int_eq(rc, 2);
	ck_assert_errno(cmio_send_datagrams(&pair.a, entries + 2, 3),
	    EMSGSIZE);
	ck_assert_errno(cmio_send_datagrams(&pair.a, entries + 2, 3),
	    EMSGSIZE);
	ck_assert_uint_eq(entries[2].done, 0);
	expect_datagrams(pair.poll, &pair.b, B, 0, 2, 300, 8, &pair.a_addr);
	send_whole(&pair.a, entries + 3, 2);
	expect_datagrams(pair.poll, &pair.b, B, 3, 2, 300, 8, &pair.a_addr);
	/* The kernel cuts as before. */
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, 1200) > 1,
	    (cmio_udp_enable(&pair.a, 0) & CMIO_UDP_SEGMENT) != 0);
	close_pair(&pair);
}
END_TEST

START_TEST(train_goes_on_from_what_is_done)
{
	struct batch_pair pair;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	fill_entry(&entries[0], train, 0, 10, 500, &pair.b_addr);
	entries[0].done = 7 * 500;
	/* Also one that is not the first. */
	fill_entry(&entries[1], train + 5000, 5, 10, 500, &pair.b_addr);
	entries[1].done = 5 * 500;
	send_whole(&pair.a, entries, 2);
	expect_datagrams(pair.poll, &pair.b, B, 7, 8, 500, 8, &pair.a_addr);
	expect_nothing(pair.poll);
	close_pair(&pair);
}
END_TEST

/* A peer whose port is closed. */
static struct cmio_addr
nobody(const char *on)
{
	struct cmio_addr addr = address(on);
	struct cmio_source source;

	ck_assert_ok(cmio_udp_bind(&source, &addr));
	addr = local_address(&source);
	ck_assert_ok(cmio_close(&source));
	return addr;
}

START_TEST(error_of_an_earlier_datagram_is_no_entrys)
{
	struct batch_pair pair;
	struct cmio_addr addr = nobody("127.0.0.1:0");
	struct cmio_source late;
	int i, round;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_connect(&pair.a, &addr));
	for (round = 0; round < 3; round++) {
		fill_entry(&entries[0], bytes[0], 99, 1, 300, NULL);
		/* Nobody is there, and whoever sends does not care. */
		send_whole(&pair.a, entries, 1);
		send_whole(&pair.a, entries, 1);
	}
	ck_assert_ok(cmio_udp_bind(&late, &addr));
	for (i = 0; i < 5; i++)
		fill_entry(&entries[i], bytes[i], (unsigned int)i, 1, 300,
		    NULL);
	send_whole(&pair.a, entries, 5);
	ck_assert_ok(cmio_register(pair.poll, &late, 7, CMIO_READABLE));
	expect_datagrams(pair.poll, &late, 7, 0, 5, 300, 8, &pair.a_addr);
	ck_assert_ok(cmio_close(&late));
	close_pair(&pair);
}
END_TEST

START_TEST(error_is_received_once_and_then_the_queue)
{
	struct batch_pair pair;
	struct cmio_addr addr = nobody("127.0.0.1:0");
	struct cmio_source late;
	int i, rc;

	open_pair(&pair, _i, "127.0.0.1:0");
	ck_assert_ok(cmio_connect(&pair.a, &addr));
	fill_entry(&entries[0], bytes[0], 99, 1, 300, NULL);
	send_whole(&pair.a, entries, 1);
	ck_assert_ok(cmio_udp_bind(&late, &addr));
	for (i = 0; i < 5; i++)
		fill_entry(&entries[i], bytes[i], (unsigned int)i, 1, 300,
		    &pair.a_addr);
	send_whole(&late, entries, 5);
	await(&pair.a, CMIO_READABLE);
	entries[0].len = sizeof(bytes[0]);
	rc = cmio_recv_datagrams(&pair.a, entries, 1);
	if (rc == -1 && errno != EAGAIN) {
		ck_assert_int_eq(errno, ECONNREFUSED);
		rc = 0;
	}
	ck_assert_ok(cmio_register(pair.poll, &pair.a, A, CMIO_READABLE));
	expect_datagrams(pair.poll, &pair.a, A, (unsigned int)rc, 5 - rc, 300,
	    8, &addr);
	ck_assert_ok(cmio_close(&late));
	close_pair(&pair);
}
END_TEST

START_TEST(connected_socket_needs_no_peer)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;

	open_pair(&pair, _i, "127.0.0.1:0");
	fill_entry(&entry, train, 0, 3, 100, NULL);
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, &entry, 1), -1);
	ck_assert_ok(cmio_connect(&pair.a, &pair.b_addr));
	ck_assert_int_ge(cmio_udp_enable(&pair.a, 0), 0);
	send_whole(&pair.a, &entry, 1);
	expect_datagrams(pair.poll, &pair.b, B, 0, 3, 100, 8, &pair.a_addr);
	close_pair(&pair);
}
END_TEST

#ifdef SO_NO_CHECK
/* Linux refuses to cut for a socket that sends no checksums. */
START_TEST(train_that_the_kernel_cannot_cut_is_not_lost)
{
	struct batch_pair pair;
	struct cmio_datagrams entry;
	const int on = 1;

	open_pair(&pair, _i, "127.0.0.1:0");
	if ((cmio_udp_enable(&pair.a, 0) & CMIO_UDP_SEGMENT) == 0) {
		close_pair(&pair);
		skip("the kernel does not cut");
	}
	ck_assert_int_eq(setsockopt(pair.a.fd, SOL_SOCKET, SO_NO_CHECK, &on,
	    sizeof(on)), 0);
	fill_entry(&entries[0], bytes[0], 0, 1, 100, &pair.b_addr);
	fill_entry(&entries[1], train, 1, 10, 100, &pair.b_addr);
	send_whole(&pair.a, entries, 2);
	expect_datagrams(pair.poll, &pair.b, B, 0, 11, 100, 8, &pair.a_addr);
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, 100), 1);
	fill_entry(&entry, train, 1, 20, 100, &pair.b_addr);
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, &entry, 1), 1);
	expect_datagrams(pair.poll, &pair.b, B, 1, 20, 100, 8, &pair.a_addr);
	/* Asked again, it is tried again. */
	ck_assert_int_ne(cmio_udp_enable(&pair.a, 0) & CMIO_UDP_SEGMENT, 0);
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, 100), 64);
	close_pair(&pair);
}
END_TEST

/* What is wrong with the datagram is not wrong with cutting. */
START_TEST(error_of_a_train_is_not_held_against_cutting)
{
	struct cmio_addr addr = address("0.0.0.0:0");
	struct cmio_datagrams entry;
	struct cmio_source a;

	ck_assert_ok(cmio_udp_bind(&a, &addr));
	if ((cmio_udp_enable(&a, 0) & CMIO_UDP_SEGMENT) == 0) {
		ck_assert_ok(cmio_close(&a));
		skip("the kernel does not cut");
	}
	/* There is no port 0. */
	addr = address("127.0.0.1:0");
	fill_entry(&entry, train, 1, 10, 100, &addr);
	ck_assert_errno(cmio_send_datagrams(&a, &entry, 1), EINVAL);
	ck_assert_uint_eq(entry.done, 0);
	ck_assert_int_eq(cmio_udp_max_segments(&a, 100), 64);
	ck_assert_ok(cmio_close(&a));
}
END_TEST
#endif

START_TEST(layout_is_fixed)
{
	const size_t word = sizeof(void *), addr = sizeof(struct cmio_addr);

	ck_assert_uint_eq(offsetof(struct cmio_datagrams, len), word);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, segment), 2 * word);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, done), 3 * word);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, peer), 4 * word);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, local),
	    4 * word + addr);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, ifindex),
	    4 * word + 2 * addr);
	ck_assert_uint_eq(offsetof(struct cmio_datagrams, reserved),
	    4 * word + 2 * addr + 12);
	if (word == 8)
		ck_assert_uint_eq(sizeof(struct cmio_datagrams),
		    32 + 2 * 136 + 16 + 16);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(batches_of_any_size_arrive_in_order),
	EACH_SELECTOR(batches_of_any_size_arrive_in_order_over_ipv6),
	EACH_SELECTOR(train_of_any_length_is_cut_by_cmio),
	EACH_SELECTOR(train_of_any_length_is_cut_by_the_kernel),
	ONCE(kernel_cuts_as_many_as_it_says),
	EACH_SELECTOR(joined_datagrams_are_told_apart),
	EACH_SELECTOR(trains_to_several_peers_go_in_one_batch),
	EACH_SELECTOR(empty_datagram_is_an_entry),
	EACH_SELECTOR(batch_of_fewer_counts_as_eagain),
	EACH_SELECTOR(level_reports_what_a_batch_has_left),
	EACH_SELECTOR(datagram_that_is_cut_off_says_so),
	EACH_SELECTOR(train_that_is_cut_off_has_whole_datagrams),
	EACH_SELECTOR(datagram_too_large_is_an_error_of_its_own),
	EACH_SELECTOR(train_goes_on_from_what_is_done),
	EACH_SELECTOR(error_of_an_earlier_datagram_is_no_entrys),
	EACH_SELECTOR(error_is_received_once_and_then_the_queue),
	EACH_SELECTOR(connected_socket_needs_no_peer),
#ifdef SO_NO_CHECK
	EACH_SELECTOR(train_that_the_kernel_cannot_cut_is_not_lost),
	ONCE(error_of_a_train_is_not_held_against_cutting),
#endif
	ONCE(layout_is_fixed),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp_batch", tests);
}
