/* SPDX-License-Identifier: MIT */
/*
 * What is said to kqueue and what it says, in the numbers of each system
 * that has one, on every system.
 */
#include "harness.h"

#include "selector/kqueue/bits.h"

/* The same on all: EV_ADD and so on. */
#define FLAGS								\
	.add = 0x1, .remove = 0x2, .enable = 0x4, .disable = 0x8,	\
	.clear = 0x20, .receipt = 0x40, .dispatch = 0x80,		\
	.eof = 0x8000, .error = 0x4000,					\
	.lowat = 0x1, .trigger = 0x01000000

enum { ADD = 0x1, DELETE = 0x2, ENABLE = 0x4, CLEAR = 0x20, RECEIPT = 0x40,
    DISPATCH = 0x80, EOF_ = 0x8000, ERROR = 0x4000, LOWAT = 1 };

static const struct kq_names freebsd = {
	.read = -1, .write = -2, .except = KQ_NO_FILTER, .user = -11,
	.aio = -3, .lio = -10, FLAGS
};
static const struct kq_names dragonfly = {
	.read = -1, .write = -2, .except = -8, .user = -9,
	.aio = -3, .lio = KQ_NO_FILTER, .oob = 0x2, FLAGS
};
/* Filters are unsigned, and the first is 0. */
static const struct kq_names netbsd = {
	.read = 0, .write = 1, .except = KQ_NO_FILTER, .user = 8,
	.aio = 2, .lio = KQ_NO_FILTER, FLAGS
};
static const struct kq_names openbsd = {
	.read = -1, .write = -2, .except = -9, .user = -10,
	.aio = -3, .lio = KQ_NO_FILTER, .oob = 0x4, FLAGS
};
/* Before 7.8. */
static const struct kq_names openbsd_old = {
	.read = -1, .write = -2, .except = -9, .user = KQ_NO_FILTER,
	.aio = -3, .lio = KQ_NO_FILTER, .oob = 0x4, FLAGS
};
static const struct kq_names macos = {
	.read = -1, .write = -2, .except = -15, .user = -10,
	.aio = -3, .lio = -19, .oob = 0x2, FLAGS
};

static const struct kq_names *const systems[] = {
	&freebsd, &dragonfly, &netbsd, &openbsd, &openbsd_old, &macos
};
enum { SYSTEMS = sizeof(systems) / sizeof(systems[0]) };

/* Events as the systems deliver them. */
static const struct {
	const struct kq_names	*names;
	kq_filter		 filter;
	uint32_t		 flags, fflags;
	uint32_t		 ready;
} events[] = {
	/* Data, and data in a pipe without a writer. */
	{ &freebsd, -1, CLEAR, 0, CMIO_READABLE },
	{ &netbsd, 0, ADD | CLEAR, 0, CMIO_READABLE },
	{ &openbsd, -1, ADD | CLEAR, 0, CMIO_READABLE },
	{ &macos, -1, ADD | CLEAR, 0, CMIO_READABLE },
	{ &freebsd, -1, CLEAR | EOF_, 0, CMIO_READABLE | CMIO_READ_CLOSED },
	{ &netbsd, 0, CLEAR | EOF_, 0, CMIO_READABLE | CMIO_READ_CLOSED },
	/* A connection that is established, or was shut down here. */
	{ &freebsd, -2, CLEAR, 0, CMIO_WRITABLE },
	{ &netbsd, 1, ADD | CLEAR, 0, CMIO_WRITABLE },
	{ &openbsd, -2, CLEAR | EOF_, 0, CMIO_WRITABLE | CMIO_WRITE_CLOSED },
	/* ECONNREFUSED, 61 on all of them; ECONNRESET, 54. */
	{ &freebsd, -2, CLEAR | EOF_, 61,
	    CMIO_WRITABLE | CMIO_WRITE_CLOSED | CMIO_ERROR },
	{ &netbsd, 1, CLEAR | EOF_, 61,
	    CMIO_WRITABLE | CMIO_WRITE_CLOSED | CMIO_ERROR },
	{ &macos, -1, CLEAR | EOF_, 54,
	    CMIO_READABLE | CMIO_READ_CLOSED | CMIO_ERROR },
	{ &dragonfly, -1, CLEAR | EOF_, 54,
	    CMIO_READABLE | CMIO_READ_CLOSED | CMIO_ERROR },
	/* fflags without EOF is not an error. */
	{ &freebsd, -1, CLEAR, LOWAT, CMIO_READABLE },
	{ &freebsd, -1, ERROR, 0, CMIO_READABLE | CMIO_ERROR },
	/* Out-of-band data; fflags is not an error. */
	{ &openbsd, -9, CLEAR, 0x4, CMIO_PRIORITY | CMIO_READABLE },
	{ &macos, -15, CLEAR, 0x2, CMIO_PRIORITY | CMIO_READABLE },
	{ &dragonfly, -8, CLEAR | EOF_, 0x2,
	    CMIO_PRIORITY | CMIO_READABLE | CMIO_READ_CLOSED },
	/* The end without out-of-band data. */
	{ &openbsd, -9, CLEAR | EOF_, 0, CMIO_READABLE | CMIO_READ_CLOSED },
	/* A pipe that had no reader when it was added. */
	{ &freebsd, -11, CLEAR, 0, CMIO_WRITABLE | CMIO_WRITE_CLOSED },
	{ &macos, -10, CLEAR, 0, CMIO_WRITABLE | CMIO_WRITE_CLOSED },
	/* Asynchronous input and output. */
	{ &freebsd, -3, EOF_, 0, CMIO_AIO },
	{ &freebsd, -10, 0, 0, CMIO_LIO },
	{ &dragonfly, -3, 0, 0, CMIO_AIO },
	{ &macos, -19, 0, 0, CMIO_LIO },
	/* A filter that was not added: a timer. */
	{ &freebsd, -7, CLEAR, 0, 0 },
	{ &netbsd, 6, CLEAR, 0, 0 },
	{ &openbsd_old, -10, CLEAR, 0, 0 },
};

START_TEST(events_mean_the_same_in_the_numbers_of_every_system)
{
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		ck_assert_msg(cmio__kq_ready(events[i].names, 0,
		    events[i].filter, events[i].flags, events[i].fflags) ==
		    events[i].ready, "events[%d]", (int)i);
	}
}
END_TEST

/* What the end that the filter for reading reports means for a pipe. */
START_TEST(end_of_a_pipe_closes_what_the_source_is_registered_for)
{
	enum {
		READ = CMIO_READABLE | CMIO_READ_CLOSED,
		WRITE = CMIO_WRITABLE | CMIO_WRITE_CLOSED
	};
	static const struct {
		unsigned int	interest, fifo;
		uint32_t	data, end;
	} cases[] = {
		{ CMIO_READABLE, 0, CMIO_READABLE, READ },
		{ CMIO_READABLE | CMIO_WRITABLE, 0, CMIO_READABLE, READ },
		{ CMIO_PRIORITY, 0, 0, READ },
		{ CMIO_PRIORITY | CMIO_WRITABLE, 0, 0, READ },
		{ CMIO_READABLE, KQ_FIFO, CMIO_READABLE, READ },
		{ CMIO_WRITABLE, KQ_FIFO, 0, WRITE },
		{ CMIO_WRITABLE | CMIO_LEVEL, KQ_FIFO, 0, WRITE },
		{ CMIO_WRITABLE | CMIO_PRIORITY, KQ_FIFO, 0, WRITE },
		{ CMIO_WRITABLE | CMIO_READABLE, KQ_FIFO, CMIO_READABLE,
		    READ | WRITE },
	};
	unsigned int set;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set = cmio__kq_set(&freebsd, cases[i].interest,
		    cases[i].fifo);
		ck_assert_msg(cmio__kq_ready(&freebsd, set, -1, CLEAR, 0) ==
		    cases[i].data, "data of cases[%d]", (int)i);
		ck_assert_msg(cmio__kq_ready(&freebsd, set, -1, CLEAR | EOF_,
		    0) == cases[i].end, "end of cases[%d]", (int)i);
	}
}
END_TEST

static unsigned int
filters(const struct kq_names *names, unsigned int interest)
{
	return cmio__kq_set(names, interest, 0) & KQ_ALL;
}

START_TEST(directions_have_a_filter_each)
{
	int i;

	for (i = 0; i < SYSTEMS; i++) {
		ck_assert_uint_eq(filters(systems[i], CMIO_READABLE),
		    KQ_READ);
		ck_assert_uint_eq(filters(systems[i],
		    CMIO_WRITABLE | CMIO_LEVEL), KQ_WRITE);
		ck_assert_uint_eq(filters(systems[i],
		    CMIO_READABLE | CMIO_WRITABLE | CMIO_EXCLUSIVE),
		    KQ_READ | KQ_WRITE);
		ck_assert_uint_eq(filters(systems[i], CMIO_AIO | CMIO_LIO),
		    0);
	}
}
END_TEST

START_TEST(writer_of_a_pipe_has_a_filter_for_the_hang_up)
{
	enum { WRITER = KQ_READ | KQ_WRITE | KQ_FIFO | KQ_WRITER };
	int i;

	for (i = 0; i < SYSTEMS; i++) {
		ck_assert_uint_eq(cmio__kq_set(systems[i], CMIO_WRITABLE,
		    KQ_FIFO), WRITER | KQ_HANGUP);
		ck_assert_uint_eq(cmio__kq_set(systems[i],
		    CMIO_WRITABLE | CMIO_READABLE | CMIO_LEVEL, KQ_FIFO),
		    WRITER | KQ_LEVEL);
		ck_assert_uint_eq(cmio__kq_set(systems[i], CMIO_READABLE,
		    KQ_FIFO), KQ_READ | KQ_FIFO);
	}
}
END_TEST

/* A source that has only PRIORITY gets the hang-up. */
START_TEST(priority_is_a_filter_of_some_and_reading_for_the_hang_up)
{
	enum { HANGUP = KQ_READ | KQ_HANGUP };
	struct kq_change changes[KQ_FILTERS];
	int i;

	ck_assert_uint_eq(cmio__kq_set(&freebsd, CMIO_PRIORITY, 0), HANGUP);
	ck_assert_uint_eq(cmio__kq_set(&netbsd, CMIO_PRIORITY, 0), HANGUP);
	ck_assert_uint_eq(cmio__kq_set(&openbsd, CMIO_PRIORITY, 0),
	    HANGUP | KQ_EXCEPT);
	for (i = 0; i < SYSTEMS; i++) {
		ck_assert_int_eq(cmio__kq_additions(systems[i], KQ_READ,
		    HANGUP, changes), 1);
		ck_assert_uint_eq(changes[0].fflags, LOWAT);
		ck_assert_int_eq(changes[0].data, INT32_MAX);
	}
	ck_assert_int_eq(cmio__kq_additions(&openbsd, KQ_READ | KQ_EXCEPT,
	    HANGUP, changes), 2);
	ck_assert(changes[1].filter == -9);
	ck_assert_uint_eq(changes[1].fflags, 0x4);
	ck_assert_int_eq(changes[1].data, 0);
}
END_TEST

START_TEST(reading_with_priority_takes_all_data)
{
	struct kq_change changes[KQ_FILTERS];
	unsigned int set;

	set = cmio__kq_set(&macos, CMIO_READABLE | CMIO_PRIORITY, 0);
	ck_assert_uint_eq(set, KQ_READ | KQ_EXCEPT);
	ck_assert_int_eq(cmio__kq_additions(&macos, set & KQ_ALL, set,
	    changes), 2);
	ck_assert_uint_eq(changes[0].fflags, 0);
	ck_assert(changes[1].filter == -15);
	ck_assert_uint_eq(changes[1].fflags, 0x2);
}
END_TEST

START_TEST(triggers_are_flags)
{
	static const struct {
		unsigned int interest;
		uint32_t flags;
	} cases[] = {
		{ CMIO_READABLE, ADD | CLEAR | RECEIPT },
		{ CMIO_READABLE | CMIO_EXCLUSIVE, ADD | CLEAR | RECEIPT },
		{ CMIO_READABLE | CMIO_LEVEL, ADD | RECEIPT },
		{ CMIO_READABLE | CMIO_ONESHOT, ADD | DISPATCH | RECEIPT },
		{ CMIO_READABLE | CMIO_ONESHOT | CMIO_LEVEL,
		    ADD | DISPATCH | RECEIPT },
	};
	struct kq_change changes[KQ_FILTERS];
	size_t i;
	int n;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = cmio__kq_additions(&netbsd, KQ_READ | KQ_WRITE,
		    cmio__kq_set(&netbsd, cases[i].interest, 0), changes);
		ck_assert_int_eq(n, 2);
		ck_assert(changes[0].filter == 0);
		ck_assert(changes[1].filter == 1);
		ck_assert_uint_eq(changes[0].flags, cases[i].flags);
		ck_assert_uint_eq(changes[1].flags, cases[i].flags);
	}
}
END_TEST

START_TEST(changes_come_in_the_order_of_bits_with_receipts)
{
	struct kq_change changes[KQ_FILTERS];
	int i, n;

	ck_assert_int_eq(cmio__kq_changes(&macos, 0, DELETE, changes), 0);
	n = cmio__kq_changes(&macos, KQ_ALL, DELETE, changes);
	ck_assert_int_eq(n, 4);
	ck_assert(changes[0].filter == -1);
	ck_assert(changes[1].filter == -2);
	ck_assert(changes[2].filter == -15);
	ck_assert(changes[3].filter == -10);
	for (i = 0; i < n; i++)
		ck_assert_uint_eq(changes[i].flags, DELETE | RECEIPT);
}
END_TEST

enum { R = KQ_READ, W = KQ_WRITE, P = KQ_EXCEPT, U = KQ_ENDED };
static const struct {
	unsigned int	filters, others;
	int		refused[KQ_FILTERS];
	int		rc;
	unsigned int	added;
} refusals[] = {
	{ R | W, 0, { 0 }, 0, R | W },
	{ 0, 0, { 0 }, 0, 0 },
	/* A closed descriptor, and no memory. */
	{ R, 0, { EBADF }, -EBADF, 0 },
	{ R | W, 0, { 0, ENOMEM }, -ENOMEM, 0 },
	/* A pipe without a reader. */
	{ R | W, 0, { 0, EPIPE }, 0, R },
	{ W, R, { 0, EPIPE }, 0, 0 },
	{ W, 0, { 0, EPIPE }, 0, U },
	{ R | W, 0, { EINVAL, EPIPE }, 0, U },
	{ R, 0, { EPIPE }, -EPIPE, 0 },
	/* Devices; another kqueue, which is never writable. */
	{ R, 0, { ENODEV }, -EPERM, 0 },
	{ R | W, 0, { EINVAL, EINVAL }, -EPERM, 0 },
	{ R | W, 0, { 0, EINVAL }, 0, R },
	{ W, R, { 0, EINVAL }, 0, 0 },
	/* A FIFO's filter for the hang-up. */
	{ R | W, 0, { EINVAL }, 0, W },
	/* A pipe has no out-of-band data, a closed file no filter. */
	{ R | P, 0, { 0, 0, EINVAL }, 0, R },
	{ P, 0, { 0, 0, EOPNOTSUPP }, 0, 0 },
	{ R | P, 0, { 0, 0, EBADF }, -EBADF, 0 },
	{ R | P, 0, { EINVAL, 0, EINVAL }, -EPERM, 0 },
	/* Refused before, and not asked for now. */
	{ R, 0, { 0, ENOMEM }, 0, R },
};

START_TEST(refusals_are_judged)
{
	unsigned int added;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		added = 0;
		rc = cmio__kq_added(refusals[i].filters, refusals[i].others,
		    refusals[i].refused, &added);
		ck_assert_msg(rc == refusals[i].rc, "refusals[%d]: %d",
		    (int)i, rc);
		ck_assert_msg(added == refusals[i].added, "refusals[%d]",
		    (int)i);
	}
}
END_TEST

START_TEST(ended_pipe_is_a_user_event_that_is_triggered)
{
	struct kq_change change = cmio__kq_ending(&freebsd);

	ck_assert(change.filter == -11);
	ck_assert_uint_eq(change.flags, RECEIPT);
	ck_assert_uint_eq(change.fflags, 0x01000000);
}
END_TEST

static const struct test tests[] = {
	ONCE(events_mean_the_same_in_the_numbers_of_every_system),
	ONCE(end_of_a_pipe_closes_what_the_source_is_registered_for),
	ONCE(directions_have_a_filter_each),
	ONCE(writer_of_a_pipe_has_a_filter_for_the_hang_up),
	ONCE(priority_is_a_filter_of_some_and_reading_for_the_hang_up),
	ONCE(reading_with_priority_takes_all_data),
	ONCE(triggers_are_flags),
	ONCE(changes_come_in_the_order_of_bits_with_receipts),
	ONCE(refusals_are_judged),
	ONCE(ended_pipe_is_a_user_event_that_is_triggered),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "kqueue_bits", tests);
}
