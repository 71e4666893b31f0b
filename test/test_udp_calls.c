/* SPDX-License-Identifier: MIT */
/*
 * The system calls of cmio/udp.h: how many there are, and what becomes of a
 * batch if the kernel refuses them.
 */
#include "batches.h"

#include <fcntl.h>

#include "calls.h"

enum { EACH = 100, ALWAYS = -1 };

static unsigned char bytes[MANY][EACH];
static struct cmio_datagrams entries[MANY];

/* What the next calls of a kind fail with, and how many. */
static struct {
	int	error;
	int	times;
	int	after;			/* so many that succeed */
} refusals[CALL_COUNT];

bool
call_fails(enum call call)
{
	if (refusals[call].times == 0 || refusals[call].after-- > 0)
		return false;
	if (refusals[call].times != ALWAYS)
		refusals[call].times--;
	errno = refusals[call].error;
	return true;
}

static void
refuse(enum call call, int error, int times)
{
	refusals[call].error = error;
	refusals[call].times = times;
	refusals[call].after = 0;
}

static void
refuse_batches(int error)
{
	refuse(CALL_recvmmsg, error, ALWAYS);
	refuse(CALL_sendmmsg, error, ALWAYS);
}

static void
forget(void)
{
	memset(calls_made, 0, sizeof(calls_made));
}

/* The calls that move datagrams. */
static int
made(void)
{
	return calls_made[CALL_recvmmsg] + calls_made[CALL_recvmsg] +
	    calls_made[CALL_sendmmsg] + calls_made[CALL_sendmsg];
}

static void
open_calls(struct batch_pair *pair, int selector)
{
	memset(refusals, 0, sizeof(refusals));
	open_pair(pair, selector, "127.0.0.1:0");
	ck_assert_ok(cmio_set_recv_buffer_size(&pair->b, 1 << 20));
	ck_assert_int_ge(cmio_udp_enable(&pair->a, 0), 0);
	ck_assert_int_ge(cmio_udp_enable(&pair->b, 0), 0);
}

static void
close_calls(struct batch_pair *pair)
{
	memset(refusals, 0, sizeof(refusals));
	close_pair(pair);
}

static void
fill_all(const struct batch_pair *pair, int n)
{
	int i;

	for (i = 0; i < n; i++)
		fill_entry(&entries[i], bytes[i], (unsigned int)i, 1, EACH,
		    &pair->b_addr);
}

static void
make_room(int n)
{
	int i;

	for (i = 0; i < n; i++) {
		memset(&entries[i], 0, sizeof(entries[i]));
		entries[i].buf = received_bytes[i];
		entries[i].len = ROOM;
	}
}

/* All that was sent is there: the kernel's loopback is synchronous. */
static void
check_received(const struct batch_pair *pair, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(entries[i].len, EACH);
		ck_assert_uint_eq(received_bytes[i][EACH - 1],
		    byte_of((unsigned int)i, EACH - 1));
		check_same_address(&entries[i].peer, &pair->a_addr);
	}
}

START_TEST(batch_is_one_call)
{
	struct batch_pair pair;

	open_calls(&pair, _i);
	fill_all(&pair, 32);
	forget();
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, entries, 32), 32);
	ck_assert_int_eq(made(), 1);
	wait_for(pair.poll, B, CMIO_READABLE);
	make_room(32);
	forget();
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 32), 32);
	ck_assert_int_eq(made(), 1);
	check_received(&pair, 32);
	close_calls(&pair);
}
END_TEST

START_TEST(more_than_one_call_takes_is_more_calls)
{
	struct batch_pair pair;

	open_calls(&pair, _i);
	fill_all(&pair, 150);
	forget();
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, entries, 150), 150);
	ck_assert_int_eq(made(), 3);
	wait_for(pair.poll, B, CMIO_READABLE);
	make_room(64);
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 64), 64);
	check_received(&pair, 64);
	/* The buffers again, as nobody looks at what is in them. */
	make_room(64);
	memcpy(&entries[64], entries, 22 * sizeof(entries[0]));
	forget();
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 86), 86);
	ck_assert_int_eq(made(), 2);
	close_calls(&pair);
}
END_TEST

/* The kernel is asked for the type of the socket first. */
START_TEST(kernel_that_knows_no_cutting_is_not_asked_to)
{
	struct batch_pair pair;

	memset(refusals, 0, sizeof(refusals));
	open_pair(&pair, _i, "127.0.0.1:0");
	refuse(CALL_getsockopt, ENOPROTOOPT, 1);
	refusals[CALL_getsockopt].after = 1;
	ck_assert_int_eq(cmio_udp_enable(&pair.a, 0), 0);
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, EACH), 1);
	close_calls(&pair);
}
END_TEST

START_TEST(batch_of_one_goes_by_recvmsg_and_sendmsg)
{
	struct batch_pair pair;

	open_calls(&pair, _i);
	fill_all(&pair, 1);
	forget();
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, entries, 1), 1);
	ck_assert_int_eq(calls_made[CALL_sendmsg], 1);
	wait_for(pair.poll, B, CMIO_READABLE);
	make_room(1);
	ck_assert_int_eq(cmio_recv_datagrams(&pair.b, entries, 1), 1);
	ck_assert_int_eq(calls_made[CALL_recvmsg], 1);
	ck_assert_int_eq(made(), 2);
	close_calls(&pair);
}
END_TEST

START_TEST(train_that_fits_is_one_call)
{
	static unsigned char train[32 * EACH];
	struct batch_pair pair;

	open_calls(&pair, _i);
	if (cmio_udp_max_segments(&pair.a, EACH) < 32) {
		close_calls(&pair);
		skip("the kernel does not cut");
	}
	fill_entry(&entries[0], train, 0, 32, EACH, &pair.b_addr);
	forget();
	ck_assert_int_eq(cmio_send_datagrams(&pair.a, entries, 1), 1);
	ck_assert_int_eq(made(), 1);
	close_calls(&pair);
}
END_TEST

/* By calls for one message each, to the same results. */
static void
move_by_single_calls(struct batch_pair *pair)
{
	int i;

	fill_all(pair, 64);
	ck_assert_int_eq(cmio_send_datagrams(&pair->a, entries, 64), 64);
	for (i = 0; i < 64; i++)
		ck_assert_uint_eq(entries[i].done, 0);
	wait_for(pair->poll, B, CMIO_READABLE);
	make_room(64);
	ck_assert_int_eq(cmio_recv_datagrams(&pair->b, entries, 40), 40);
	ck_assert_int_eq(cmio_recv_datagrams(&pair->b, entries + 40, 24), 24);
	check_received(pair, 64);
	make_room(2);
	ck_assert_errno(cmio_recv_datagrams(&pair->b, entries, 2), EAGAIN);
	expect_nothing(pair->poll);
	ck_assert_int_ge(calls_made[CALL_sendmsg], 64);
	ck_assert_int_ge(calls_made[CALL_recvmsg], 64);
}

/* The second of three is an error of its own. */
static void
meet_an_error(struct batch_pair *pair)
{
	static unsigned char large[ROOM];

	fill_all(pair, 3);
	entries[1].buf = large;
	entries[1].len = 65530;
	ck_assert_int_eq(cmio_send_datagrams(&pair->a, entries, 3), 1);
	ck_assert_errno(cmio_send_datagrams(&pair->a, entries + 1, 2),
	    EMSGSIZE);
	wait_for(pair->poll, B, CMIO_READABLE);
	make_room(3);
	ck_assert_int_eq(cmio_recv_datagrams(&pair->b, entries, 3), 1);
	check_received(pair, 1);
	expect_nothing(pair->poll);
}

START_TEST(batch_goes_one_by_one_if_its_calls_are_refused)
{
	static const int reasons[] = { ENOSYS, EPERM };
	struct batch_pair pair;
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		open_calls(&pair, _i);
		refuse_batches(reasons[i]);
		forget();
		move_by_single_calls(&pair);
		meet_an_error(&pair);
		close_calls(&pair);
	}
}
END_TEST

static void
receive_one_of_four(struct batch_pair *pair)
{
	int flags = fcntl(pair->b.fd, F_GETFL);

	ck_assert_ok(fcntl(pair->b.fd, F_SETFL, flags & ~O_NONBLOCK));
	fill_all(pair, 1);
	send_whole(&pair->a, entries, 1);
	make_room(4);
	ck_assert_int_eq(cmio_recv_datagrams(&pair->b, entries, 4), 1);
	check_received(pair, 1);
	ck_assert_ok(fcntl(pair->b.fd, F_SETFL, flags));
}

START_TEST(descriptor_that_blocks_does_so_for_the_first_alone)
{
	struct batch_pair pair;

	open_calls(&pair, _i);
	receive_one_of_four(&pair);
	refuse_batches(ENOSYS);
	receive_one_of_four(&pair);
	close_calls(&pair);
}
END_TEST

/* A filter of packets says EPERM of a datagram. */
START_TEST(refusal_of_a_datagram_is_its_error)
{
	struct batch_pair pair;

	open_calls(&pair, _i);
	fill_all(&pair, 5);
	refuse(CALL_sendmmsg, EPERM, ALWAYS);
	refuse(CALL_sendmsg, EPERM, ALWAYS);
	ck_assert_errno(cmio_send_datagrams(&pair.a, entries, 5), EPERM);
	ck_assert_uint_eq(entries[0].done, 0);
	close_calls(&pair);
}
END_TEST

/*
 * Sends a train that the kernel refuses twice, which is once more than for an
 * earlier datagram; it arrives, and so does what comes next.
 */
static void
cut_after(struct batch_pair *pair, int error, int most)
{
	static unsigned char train[20 * EACH];

	if (most == 1)
		return;
	fill_entry(&entries[0], train, 0, 20, EACH, &pair->b_addr);
	refuse(CALL_sendmsg, error, 2);
	send_whole(&pair->a, entries, 1);
	expect_datagrams(pair->poll, &pair->b, B, 0, 20, EACH, 8,
	    &pair->a_addr);
	ck_assert_int_eq(cmio_udp_max_segments(&pair->a, EACH),
	    error == EMSGSIZE ? most : 1);
	send_whole(&pair->a, entries, 1);
	expect_datagrams(pair->poll, &pair->b, B, 0, 20, EACH, 8,
	    &pair->a_addr);
}

START_TEST(train_that_the_route_cannot_cut_is_cut_by_cmio)
{
	static const int reasons[] = { EIO, EINVAL, EMSGSIZE };
	struct batch_pair pair;
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		open_calls(&pair, _i);
		cut_after(&pair, reasons[i],
		    cmio_udp_max_segments(&pair.a, EACH));
		close_calls(&pair);
	}
}
END_TEST

/* Once is an earlier datagram's error, whatever it is. */
START_TEST(earlier_error_leaves_cutting_to_the_kernel)
{
	static unsigned char train[20 * EACH];
	struct batch_pair pair;
	int most;

	open_calls(&pair, _i);
	most = cmio_udp_max_segments(&pair.a, EACH);
	fill_entry(&entries[0], train, 0, 20, EACH, &pair.b_addr);
	refuse(CALL_sendmsg, EIO, 1);
	send_whole(&pair.a, entries, 1);
	expect_datagrams(pair.poll, &pair.b, B, 0, 20, EACH, 8, &pair.a_addr);
	ck_assert_int_eq(cmio_udp_max_segments(&pair.a, EACH), most);
	close_calls(&pair);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(batch_is_one_call),
	EACH_SELECTOR(more_than_one_call_takes_is_more_calls),
	EACH_SELECTOR(kernel_that_knows_no_cutting_is_not_asked_to),
	EACH_SELECTOR(batch_of_one_goes_by_recvmsg_and_sendmsg),
	EACH_SELECTOR(train_that_fits_is_one_call),
	EACH_SELECTOR(batch_goes_one_by_one_if_its_calls_are_refused),
	EACH_SELECTOR(descriptor_that_blocks_does_so_for_the_first_alone),
	EACH_SELECTOR(refusal_of_a_datagram_is_its_error),
	EACH_SELECTOR(train_that_the_route_cannot_cut_is_cut_by_cmio),
	EACH_SELECTOR(earlier_error_leaves_cutting_to_the_kernel),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "udp_calls", tests);
}
