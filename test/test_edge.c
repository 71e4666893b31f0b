/* SPDX-License-Identifier: MIT */
/* Edges: when readiness is reported, and when it is reported again. */
#include "harness.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

START_TEST(what_is_ready_when_registered_is_reported_once)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_unix_pair(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R | W);
	ck_assert_uint_eq(wait_for(poll, 1, R | W), R | W);
	expect_nothing(poll);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reregistering_reports_what_is_ready_again)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, W);
	expect_event(w.poll, 1, W);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 1, W));
	expect_event(w.poll, 1, W);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 1, R));
	expect_nothing(w.poll);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 1, R | W));
	expect_event(w.poll, 1, W);
	expect_nothing(w.poll);
	unwatch(&w);
}
END_TEST

/* Two sources that are watched for reading and have no data. */
static struct cmio_poll *
two_idle(int i, struct cmio_source sources[2], int fds[2][2])
{
	struct cmio_poll *poll = open_selector(i);
	int at;

	for (at = 0; at < 2; at++) {
		plain_unix_pair(fds[at]);
		add(poll, &sources[at], fds[at][0], (uintptr_t)at, R);
	}
	return poll;
}

static void
close_two(struct cmio_poll *poll, struct cmio_source sources[2],
    int fds[2][2])
{
	int at;

	for (at = 0; at < 2; at++) {
		removed(poll, &sources[at]);
		plain_close(fds[at]);
	}
	cmio_poll_unref(poll);
}

static void
await_data(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, (int)(LONG_TIME / MSEC)), 1);
}

START_TEST(one_look_sees_what_was_reregistered_and_what_has_come)
{
	struct cmio_source sources[2];
	struct cmio_event events[3];
	struct cmio_poll *poll;
	int fds[2][2];

	poll = two_idle(_i, sources, fds);
	expect_nothing(poll);
	plain_put(fds[1][1]);
	await_data(fds[1][0]);
	ck_assert_ok(cmio_reregister(poll, &sources[0], 0, R | W));
	ck_assert_int_eq(cmio_poll_wait(poll, events, 3, 0), 2);
	ck_assert_uint_eq(events[0].token + events[1].token, 0 + 1);
	close_two(poll, sources, fds);
}
END_TEST

/* After cmio_poll_fd() each trigger wakes the poll. */
START_TEST(one_look_sees_what_was_reregistered_and_a_trigger)
{
	struct cmio_source sources[2];
	struct cmio_user_event event;
	struct cmio_event events[3];
	struct cmio_poll *poll;
	int fds[2][2];

	poll = two_idle(_i, sources, fds);
	ck_assert_ok(cmio_user_event_add(poll, &event, 5));
	expect_nothing(poll);
	cmio_poll_fd(poll);
	ck_assert_ok(cmio_user_event_trigger(&event));
	ck_assert_ok(cmio_reregister(poll, &sources[0], 0, R | W));
	ck_assert_int_eq(cmio_poll_wait(poll, events, 3, 0), 2);
	ck_assert_uint_eq(events[0].token + events[1].token, 5 + 0);
	ck_assert_ok(cmio_user_event_remove(&event));
	close_two(poll, sources, fds);
}
END_TEST

START_TEST(shortest_wait_sees_what_was_reregistered)
{
	struct cmio_source sources[2];
	struct cmio_event event;
	struct cmio_poll *poll;
	int fds[2][2], n;

	poll = two_idle(_i, sources, fds);
	for (n = 0; n < 20; n++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
		ck_assert_ok(cmio_reregister(poll, &sources[0], 0, R | W));
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, n & 1), 1);
		ck_assert_ok(cmio_reregister(poll, &sources[0], 0, R));
	}
	close_two(poll, sources, fds);
}
END_TEST

struct look {
	struct cmio_poll	*poll;
	struct cmio_source	*source;
	int			 reregistered;
	int			 seen;
};

static void
reregister_and_look(void *arg)
{
	struct look *look = arg;
	struct cmio_event event;

	look->reregistered = cmio_reregister(look->poll, look->source, 0,
	    R | W);
	look->seen = cmio_poll_wait(look->poll, &event, 1, 0);
}

START_TEST(look_sees_what_was_reregistered_after_another_threads_wait)
{
	struct cmio_source sources[2];
	struct cmio_poll *poll;
	struct look one;
	struct task task;
	int fds[2][2];

	poll = two_idle(_i, sources, fds);
	expect_nothing(poll);
	one = (struct look){ .poll = poll, .source = &sources[0] };
	task_start(&task, reregister_and_look, &one);
	task_join(&task);
	ck_assert_int_eq(one.reregistered, 0);
	ck_assert_int_eq(one.seen, 1);
	close_two(poll, sources, fds);
}
END_TEST

START_TEST(data_left_unread_is_not_reported_without_new_data)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	/* NetBSD also reports a pipe's reader after each read. */
	plain_unix_pair(fds);
	plain_put(fds[1]);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R);
	expect_event(poll, 1, R);
	plain_get(fds[0]);
	expect_nothing(poll);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(new_data_after_eagain_is_reported_each_time)
{
	struct watched w;
	int i;

	watch(&w, _i, plain_pipe, R);
	for (i = 0; i < 10; i++) {
		plain_put(w.fds[1]);
		expect_event(w.poll, 1, R);
		ck_assert_uint_eq(plain_drain(&w.source), 1);
		expect_nothing(w.poll);
	}
	unwatch(&w);
}
END_TEST

/* It may or may not be reported before EAGAIN; no data are lost. */
START_TEST(short_read_and_more_data_end_well_after_eagain)
{
	struct watched w;
	struct cmio_event event;

	watch(&w, _i, plain_pipe, R);
	plain_put(w.fds[1]);
	plain_put(w.fds[1]);
	expect_event(w.poll, 1, R);
	plain_get(w.fds[0]);
	plain_put(w.fds[1]);
	cmio_poll_wait(w.poll, &event, 1, 0);
	ck_assert_uint_eq(plain_drain(&w.source), 2);
	cmio_poll_wait(w.poll, &event, 1, 0);
	plain_put(w.fds[1]);
	expect_event(w.poll, 1, R);
	unwatch(&w);
}
END_TEST

/* Not for a pipe: some kernels from Linux 5.5 to 5.13 report it once. */
START_TEST(more_data_is_reported_by_epoll_though_some_is_left)
{
	struct watched w;
	int i;

	if (strcmp(selector_name(_i), "epoll") != 0)
		skip("this selector may wait until all was read");
	watch(&w, _i, plain_unix_pair, R);
	for (i = 0; i < 10; i++) {
		plain_put(w.fds[1]);
		expect_event(w.poll, 1, R);
		expect_nothing(w.poll);
	}
	unwatch(&w);
}
END_TEST

START_TEST(full_pipe_is_writable_again_when_it_was_read)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	int fds[2];

	plain_pipe(fds);
	cmio_source_init(&reader, fds[0]);
	add(poll, &writer, fds[1], 1, W);
	expect_event(poll, 1, W);
	plain_fill(&writer);
	expect_nothing(poll);
	plain_drain(&reader);
	expect_event(poll, 1, W);
	expect_nothing(poll);
	removed(poll, &writer);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(full_tcp_connection_is_writable_again_when_it_was_read)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, peer;
	struct cmio_event event;
	int fds[2];

	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, W);
	cmio_source_init(&peer, fds[1]);
	expect_event(poll, 1, W);
	plain_fill(&source);
	/* The kernel needs a moment to move data to the peer. */
	while (cmio_poll_wait(poll, &event, 1, A_WHILE) == 1)
		plain_fill(&source);
	do
		plain_drain(&peer);
	while (cmio_poll_wait(poll, &event, 1, A_WHILE) == 0);
	ck_assert_uint_eq(event.ready, W);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(eagain_of_reads_does_not_repeat_writable)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, R | W);
	expect_event(w.poll, 1, W);
	ck_assert_uint_eq(plain_drain(&w.source), 0);
	expect_nothing(w.poll);
	unwatch(&w);
}
END_TEST

START_TEST(peer_that_closes_is_reported_while_data_waits)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	/* Nothing is read: the end must be reported nevertheless. */
	close(fds[1]);
	expect_event(poll, 1, R | CMIO_READ_CLOSED);
	expect_nothing(poll);
	removed(poll, &source);
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(three_ready_sources_all_come_through_one_place)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[3];
	struct cmio_event event;
	int fds[3][2], i, seen = 0;

	for (i = 0; i < 3; i++) {
		plain_pipe(fds[i]);
		plain_put(fds[i][1]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i, R);
	}
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		seen |= 1 << event.token;
	}
	ck_assert_int_eq(seen, 7);
	expect_nothing(poll);
	for (i = 0; i < 3; i++) {
		removed(poll, &sources[i]);
		plain_close(fds[i]);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wait_fills_no_more_than_it_was_given)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[4];
	struct cmio_event events[3];
	int fds[4][2], i;

	for (i = 0; i < 4; i++) {
		plain_pipe(fds[i]);
		plain_put(fds[i][1]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i, R);
	}
	events[2].token = 99;
	ck_assert_int_eq(cmio_poll_wait(poll, events, 2, LONG_TIME), 2);
	ck_assert_uint_eq(events[2].token, 99);
	ck_assert_int_eq(cmio_poll_wait(poll, events, 3, LONG_TIME), 2);
	for (i = 0; i < 4; i++) {
		removed(poll, &sources[i]);
		plain_close(fds[i]);
	}
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(what_is_ready_when_registered_is_reported_once),
	EACH_SELECTOR(reregistering_reports_what_is_ready_again),
	EACH_SELECTOR(one_look_sees_what_was_reregistered_and_what_has_come),
	EACH_SELECTOR(one_look_sees_what_was_reregistered_and_a_trigger),
	EACH_SELECTOR(shortest_wait_sees_what_was_reregistered),
	EACH_SELECTOR(
	    look_sees_what_was_reregistered_after_another_threads_wait),
	EACH_SELECTOR(data_left_unread_is_not_reported_without_new_data),
	EACH_SELECTOR(new_data_after_eagain_is_reported_each_time),
	EACH_SELECTOR(short_read_and_more_data_end_well_after_eagain),
	EACH_SELECTOR(more_data_is_reported_by_epoll_though_some_is_left),
	EACH_SELECTOR(full_pipe_is_writable_again_when_it_was_read),
	EACH_SELECTOR(full_tcp_connection_is_writable_again_when_it_was_read),
	EACH_SELECTOR(eagain_of_reads_does_not_repeat_writable),
	EACH_SELECTOR(peer_that_closes_is_reported_while_data_waits),
	EACH_SELECTOR(three_ready_sources_all_come_through_one_place),
	EACH_SELECTOR(wait_fills_no_more_than_it_was_given),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "edge", tests);
}
