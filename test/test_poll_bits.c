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
		short reported, events;
	} rows[] = {
		{ R, R, 0, POLLIN | CMIO_POLLRDHUP },
		{ R, 0, 0, CMIO_POLLRDHUP },
		{ R, 0, CMIO_POLLRDHUP, 0 },
		{ R, R, CMIO_POLLRDHUP, POLLIN },
		{ W, W, 0, POLLOUT },
		{ W, 0, 0, 0 },
		{ P, P, 0, POLLPRI },
		{ P, P, POLLPRI, 0 },
		{ R | P, R | P, POLLPRI, POLLIN | CMIO_POLLRDHUP },
		{ R | W | P, R | W | P, 0,
		    POLLIN | POLLOUT | POLLPRI | CMIO_POLLRDHUP },
		{ R | LEVEL, R, 0, POLLIN | CMIO_POLLRDHUP },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(cmio__poll_events(rows[i].interest,
		    rows[i].armed, rows[i].reported), rows[i].events);
}
END_TEST

START_TEST(kernel_is_kept_off_what_cannot_be_masked)
{
	ck_assert(!cmio__poll_silent(R, R, 0));
	ck_assert(!cmio__poll_silent(R, 0, 0));
	ck_assert(!cmio__poll_silent(R, 0, CMIO_POLLRDHUP));
	ck_assert(!cmio__poll_silent(R | P, R | P, POLLPRI));
	ck_assert(cmio__poll_silent(R, 0, POLLHUP));
	ck_assert(cmio__poll_silent(W, 0, POLLERR));
	ck_assert(cmio__poll_silent(R, R, POLLHUP));
	ck_assert(cmio__poll_silent(R | ONESHOT, 0, 0));
	ck_assert(!cmio__poll_silent(R | ONESHOT, R, 0));
}
END_TEST

static const struct {
	int what;
	unsigned int interest, armed;
	short reported, revents;
	unsigned int ready;
} results[] = {
	{ POLLABLE_SOCKET, R, R, 0, POLLIN, R },
	{ POLLABLE_SOCKET, R | W, R | W, 0, POLLIN | POLLOUT, R | W },
	/* A direction that is not asked for makes no event. */
	{ POLLABLE_SOCKET, R | W, W, 0, POLLIN, 0 },
	{ POLLABLE_SOCKET, R, 0, 0, POLLIN, 0 },
	{ POLLABLE_SOCKET, P, P, 0, POLLPRI, R | P },
	{ POLLABLE_SOCKET, R | P, R | P, 0, POLLPRI, R | P },
	{ POLLABLE_SOCKET, R | P, R | P, POLLPRI, POLLPRI, 0 },
	{ POLLABLE_SOCKET, R | P, R | P, POLLPRI, POLLIN | POLLPRI,
	    R | P },
	{ POLLABLE_SOCKET, W, W, 0, POLLIN, 0 },
	/* Conditions, once each. */
	{ POLLABLE_SOCKET, R, R, 0, POLLIN | POLLHUP, R | RC | WC },
	{ POLLABLE_SOCKET, R, 0, 0, POLLHUP, R | RC | WC },
	{ POLLABLE_SOCKET, R, 0, POLLHUP, POLLHUP, 0 },
	{ POLLABLE_SOCKET, R, R, POLLHUP, POLLHUP, 0 },
	{ POLLABLE_SOCKET, R, R, POLLHUP, POLLIN | POLLHUP,
	    R | RC | WC },
	{ POLLABLE_SOCKET, P, P, 0, POLLHUP, RC | WC },
	{ POLLABLE_SOCKET, P, P, POLLHUP, POLLHUP, 0 },
	{ POLLABLE_SOCKET, R | W, R | W, 0, POLLERR, R | W | E },
	{ POLLABLE_SOCKET, R, R, 0, POLLERR, R | E },
	{ POLLABLE_SOCKET, R, R, POLLERR, POLLERR, 0 },
	{ POLLABLE_SOCKET, R, R, POLLERR, POLLIN | POLLERR, R | E },
	/* Pipes: each end has one direction. */
	{ POLLABLE_PIPE, R, R, 0, POLLHUP, R | RC },
	{ POLLABLE_PIPE, R, R, 0, POLLIN | POLLHUP, R | RC },
	{ POLLABLE_PIPE, W, W, 0, POLLERR, W | E | WC },
	{ POLLABLE_PIPE, W, W, 0, POLLOUT | POLLERR, W | E | WC },
	{ POLLABLE_PIPE, W, W, 0, POLLHUP, W | WC },
};

START_TEST(readiness_is_what_the_bits_say)
{
	size_t i;

	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		ck_assert_msg(cmio__poll_ready(results[i].what,
		    results[i].interest, results[i].armed,
		    results[i].reported, results[i].revents) ==
		    results[i].ready, "row %d", (int)i);
}
END_TEST

START_TEST(half_close_is_reported_once)
{
	if (CMIO_POLLRDHUP == 0)
		skip("no POLLRDHUP");
	ck_assert_uint_eq(cmio__poll_ready(POLLABLE_SOCKET, R, 0, 0,
	    CMIO_POLLRDHUP), R | RC);
	ck_assert_uint_eq(cmio__poll_ready(POLLABLE_SOCKET, R, 0,
	    CMIO_POLLRDHUP, CMIO_POLLRDHUP), 0);
}
END_TEST

START_TEST(what_was_reported_is_asked_for_no_more)
{
	ck_assert_uint_eq(cmio__poll_armed(R | W, R | W, POLLIN), W);
	ck_assert_uint_eq(cmio__poll_armed(R | W, R | W, POLLHUP), R | W);
	ck_assert_uint_eq(cmio__poll_armed(R | W, R | W, POLLOUT | POLLHUP),
	    R);
	ck_assert_uint_eq(cmio__poll_armed(R | P, R | P, POLLERR), R | P);
	ck_assert_uint_eq(cmio__poll_armed(R | LEVEL, R, POLLIN), R);
	ck_assert_uint_eq(cmio__poll_armed(R | W | ONESHOT, R | W, POLLIN),
	    0);
	ck_assert_int_eq(cmio__poll_reported(R, 0, POLLIN | POLLHUP), POLLHUP);
	ck_assert_int_eq(cmio__poll_reported(R, POLLERR, POLLHUP),
	    POLLERR | POLLHUP);
	ck_assert_int_eq(cmio__poll_reported(R | LEVEL, 0, POLLHUP), 0);
	ck_assert_int_eq(cmio__poll_reported(R | ONESHOT, 0, POLLHUP), 0);
}
END_TEST

START_TEST(what_is_seen_to_have_gone_is_asked_for_again)
{
	ck_assert_uint_eq(cmio__poll_seen(R | W, 0, POLLERR, POLLIN), W);
	ck_assert_uint_eq(cmio__poll_seen(R | W, 0, POLLERR,
	    POLLIN | POLLOUT), 0);
	ck_assert_uint_eq(cmio__poll_seen(R, 0, POLLHUP, POLLHUP), R);
	ck_assert_uint_eq(cmio__poll_seen(R, 0, POLLHUP, POLLIN | POLLHUP),
	    0);
	/* Another peer: whatever was there before was of the first. */
	ck_assert_uint_eq(cmio__poll_seen(R | W, 0, POLLHUP,
	    POLLIN | POLLOUT), R | W);
	ck_assert_uint_eq(cmio__poll_seen(W, W, POLLERR, 0), W);
}
END_TEST

START_TEST(hang_up_of_a_socket_lasts_and_others_come_back)
{
	ck_assert_int_eq(cmio__poll_renewable(POLLABLE_SOCKET) & POLLHUP, 0);
	ck_assert_int_ne(cmio__poll_renewable(POLLABLE_SOCKET) & POLLERR, 0);
	ck_assert_int_ne(cmio__poll_renewable(POLLABLE_PIPE) & POLLHUP, 0);
	ck_assert_int_ne(cmio__poll_renewable(POLLABLE_OTHER) & POLLHUP, 0);
}
END_TEST

START_TEST(files_differ_where_the_kernel_says_so)
{
	static const struct pollable file = { .dev = 1, .ino = 2 },
	    again = { .dev = 1, .ino = 2 }, elsewhere = { .dev = 3, .ino = 2 },
	    other = { .dev = 1, .ino = 3 }, unknown = { 0 };

	ck_assert(cmio__pollable_same(&file, &again));
	ck_assert(!cmio__pollable_same(&file, &elsewhere));
	ck_assert(!cmio__pollable_same(&file, &other));
	ck_assert(cmio__pollable_same(&file, &unknown));
	ck_assert(cmio__pollable_same(&unknown, &file));
}
END_TEST

static const struct test tests[] = {
	ONCE(events_asked_for_are_those_armed_and_the_end),
	ONCE(kernel_is_kept_off_what_cannot_be_masked),
	ONCE(readiness_is_what_the_bits_say),
	ONCE(half_close_is_reported_once),
	ONCE(what_was_reported_is_asked_for_no_more),
	ONCE(what_is_seen_to_have_gone_is_asked_for_again),
	ONCE(hang_up_of_a_socket_lasts_and_others_come_back),
	ONCE(files_differ_where_the_kernel_says_so),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "poll_bits", tests);
}
