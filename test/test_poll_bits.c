/* SPDX-License-Identifier: MIT */
/* The translation of poll(2)'s bits, against tables. */
#include "harness.h"

#include <poll.h>

#include "selector/poll_bits.h"
#include "selector/pollable.h"

enum {
	R = CMIO_READABLE,
	W = CMIO_WRITABLE,
	P = CMIO_PRIORITY,
	E = CMIO_ERROR,
	RC = CMIO_READ_CLOSED,
	WC = CMIO_WRITE_CLOSED,
	LEVEL = CMIO_LEVEL,
	ONESHOT = CMIO_ONESHOT
};

START_TEST(events_asked_for_are_those_armed_and_the_end)
{
	static const struct {
		unsigned int interest, armed;
		short told, events;
	} rows[] = {
		{ R, R, 0, POLLIN | CMIO_POLLRDHUP },
		{ R, 0, 0, CMIO_POLLRDHUP },
		{ R, 0, CMIO_POLLRDHUP, 0 },
		{ R, R, CMIO_POLLRDHUP, POLLIN },
		{ W, W, 0, POLLOUT },
		{ W, 0, 0, 0 },
		{ P, P, 0, POLLPRI },
		{ R | W | P, R | W | P, 0,
		    POLLIN | POLLOUT | POLLPRI | CMIO_POLLRDHUP },
		{ R | LEVEL, R, CMIO_POLLRDHUP, POLLIN | CMIO_POLLRDHUP },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(cmio__poll_events(rows[i].interest,
		    rows[i].armed, rows[i].told), rows[i].events);
}
END_TEST

START_TEST(deaf_is_what_has_nothing_to_say)
{
	ck_assert(!cmio__poll_silent(R, R, 0));
	ck_assert(!cmio__poll_silent(R, 0, 0));
	ck_assert(!cmio__poll_silent(R, 0, CMIO_POLLRDHUP));
	ck_assert(cmio__poll_silent(R, 0, POLLHUP));
	ck_assert(cmio__poll_silent(W, 0, POLLERR));
	ck_assert(!cmio__poll_silent(R, R, POLLHUP));
	ck_assert(cmio__poll_silent(R | ONESHOT, 0, 0));
	ck_assert(!cmio__poll_silent(R | ONESHOT, R, 0));
}
END_TEST

START_TEST(readiness_is_what_the_bits_say)
{
	static const struct {
		int what;
		unsigned int interest, armed;
		short told, revents;
		unsigned int ready;
	} rows[] = {
		{ POLLABLE_OTHER, R, R, 0, POLLIN, R },
		{ POLLABLE_OTHER, R | W, R | W, 0, POLLIN | POLLOUT, R | W },
		/* What is deaf does not speak for itself. */
		{ POLLABLE_OTHER, R | W, W, 0, POLLIN, 0 },
		{ POLLABLE_OTHER, R, 0, 0, POLLIN, 0 },
		{ POLLABLE_OTHER, P, P, 0, POLLPRI, R | P },
		{ POLLABLE_OTHER, R | P, R | P, 0, POLLPRI, R | P },
		{ POLLABLE_OTHER, W, W, 0, POLLIN, 0 },
		/* Ends, once each. */
		{ POLLABLE_OTHER, R, R, 0, POLLIN | POLLHUP, R | RC | WC },
		{ POLLABLE_OTHER, R, 0, 0, POLLHUP, R | RC | WC },
		{ POLLABLE_OTHER, R, 0, POLLHUP, POLLHUP, 0 },
		{ POLLABLE_OTHER, R, R, POLLHUP, POLLHUP, R | RC | WC },
		{ POLLABLE_OTHER, P, P, 0, POLLHUP, RC | WC },
		{ POLLABLE_OTHER, P, P, POLLHUP, POLLHUP, 0 },
		{ POLLABLE_OTHER, R | W, R | W, 0, POLLERR, R | W | E },
		{ POLLABLE_OTHER, R, R, 0, POLLERR, R | E },
		/* Pipes: each end has one direction. */
		{ POLLABLE_PIPE, R, R, 0, POLLHUP, R | RC },
		{ POLLABLE_PIPE, R, R, 0, POLLIN | POLLHUP, R | RC },
		{ POLLABLE_PIPE, W, W, 0, POLLERR, W | E | WC },
		{ POLLABLE_PIPE, W, W, 0, POLLOUT | POLLERR, W | E | WC },
		{ POLLABLE_PIPE, W, W, 0, POLLHUP, W | WC },
		/* No descriptor any more. */
		{ POLLABLE_OTHER, R, R, 0, POLLNVAL, R | E },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(cmio__poll_ready(rows[i].what, rows[i].interest,
		    rows[i].armed, rows[i].told, rows[i].revents) ==
		    rows[i].ready, "row %d", (int)i);
}
END_TEST

START_TEST(half_close_is_told_once)
{
	if (CMIO_POLLRDHUP == 0)
		skip("no POLLRDHUP");
	ck_assert_uint_eq(cmio__poll_ready(POLLABLE_OTHER, R, 0, 0,
	    CMIO_POLLRDHUP), R | RC);
	ck_assert_uint_eq(cmio__poll_ready(POLLABLE_OTHER, R, 0,
	    CMIO_POLLRDHUP, CMIO_POLLRDHUP), 0);
}
END_TEST

START_TEST(what_was_reported_is_listened_for_no_more)
{
	ck_assert_uint_eq(cmio__poll_armed(R | W, R | W, R, POLLIN), W);
	ck_assert_uint_eq(cmio__poll_armed(R | W, R | W, R | W, POLLHUP), 0);
	ck_assert_uint_eq(cmio__poll_armed(R | P, R | P, R, POLLERR), 0);
	ck_assert_uint_eq(cmio__poll_armed(R | LEVEL, R, R, POLLIN), R);
	ck_assert_uint_eq(cmio__poll_armed(R | LEVEL, R, R, POLLHUP), R);
	ck_assert_uint_eq(cmio__poll_armed(R | W | ONESHOT, R | W, R, POLLIN),
	    0);
	ck_assert_int_eq(cmio__poll_reported(R, 0, POLLIN | POLLHUP), POLLHUP);
	ck_assert_int_eq(cmio__poll_reported(R, POLLERR, POLLHUP),
	    POLLERR | POLLHUP);
	ck_assert_int_eq(cmio__poll_reported(R | LEVEL, 0, POLLHUP), 0);
}
END_TEST

START_TEST(files_differ_where_the_kernel_says_so)
{
	static const struct pollable file = { .dev = 1, .ino = 2 },
	    again = { .dev = 1, .ino = 2 }, elsewhere = { .dev = 3, .ino = 2 },
	    other = { .dev = 1, .ino = 3 }, untold = { 0 };

	ck_assert(cmio__pollable_same(&file, &again));
	ck_assert(!cmio__pollable_same(&file, &elsewhere));
	ck_assert(!cmio__pollable_same(&file, &other));
	ck_assert(cmio__pollable_same(&file, &untold));
	ck_assert(cmio__pollable_same(&untold, &file));
}
END_TEST

static const struct test tests[] = {
	ONCE(events_asked_for_are_those_armed_and_the_end),
	ONCE(deaf_is_what_has_nothing_to_say),
	ONCE(readiness_is_what_the_bits_say),
	ONCE(half_close_is_told_once),
	ONCE(what_was_reported_is_listened_for_no_more),
	ONCE(files_differ_where_the_kernel_says_so),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "poll_bits", tests);
}
