/* SPDX-License-Identifier: MIT */
/* CMIO_LEVEL and CMIO_ONESHOT. */
#include "harness.h"

#include <unistd.h>

#include "plain.h"

enum {
	R = CMIO_READABLE,
	W = CMIO_WRITABLE,
	LEVEL = CMIO_LEVEL,
	ONESHOT = CMIO_ONESHOT
};

START_TEST(level_is_reported_for_as_long_as_it_is_ready)
{
	struct watched w;
	int i;

	watch(&w, _i, plain_pipe, R | LEVEL);
	expect_nothing(w.poll);
	plain_put(w.fds[1]);
	for (i = 0; i < 5; i++)
		expect_event(w.poll, 1, R);
	plain_get(w.fds[0]);
	expect_nothing(w.poll);
	plain_put(w.fds[1]);
	expect_event(w.poll, 1, R);
	unwatch(&w);
}
END_TEST

START_TEST(level_needs_no_rearm_to_be_written_again)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	int fds[2], i;

	plain_pipe(fds);
	cmio_source_init(&reader, fds[0]);
	add(poll, &writer, fds[1], 1, W | LEVEL);
	for (i = 0; i < 3; i++)
		expect_event(poll, 1, W);
	plain_fill(&writer);
	expect_nothing(poll);
	plain_drain(&reader);
	expect_event(poll, 1, W);
	removed(poll, &writer);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(end_is_reported_by_level_until_deregistered)
{
	static const unsigned int interests[] = {
		R, W, R | W, CMIO_PRIORITY, R | CMIO_PRIORITY
	};
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	size_t i;
	int fds[2], turn;

	for (i = 0; i < sizeof(interests) / sizeof(interests[0]); i++) {
		plain_tcp_pair(fds);
		plain_reset(fds[1]);
		add(poll, &source, fds[0], 1, interests[i] | LEVEL);
		for (turn = 0; turn < 3; turn++)
			wait_for(poll, 1, interests[i] & (R | W));
		removed(poll, &source);
		close(fds[0]);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(two_level_sources_share_one_place)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[3];
	struct cmio_event event;
	int fds[3][2], i, seen[3] = { 0 };

	for (i = 0; i < 3; i++) {
		plain_pipe(fds[i]);
		plain_put(fds[i][1]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i, R | LEVEL);
	}
	for (i = 0; i < 30; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		seen[event.token]++;
	}
	for (i = 0; i < 3; i++) {
		ck_assert_int_gt(seen[i], 0);
		removed(poll, &sources[i]);
		plain_close(fds[i]);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(oneshot_is_reported_once_until_reregistered)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, R | W | ONESHOT);
	ck_assert_uint_eq(expect_event(w.poll, 1, W).ready, W);
	plain_put(w.fds[1]);
	expect_nothing(w.poll);
	ck_assert_ok(cmio_rearm(&w.source, R));
	expect_nothing(w.poll);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 2, R | ONESHOT));
	expect_event(w.poll, 2, R);
	plain_put(w.fds[1]);
	expect_nothing(w.poll);
	unwatch(&w);
}
END_TEST

START_TEST(spent_oneshot_does_not_report_the_end)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, W | ONESHOT);
	expect_event(poll, 1, W);
	plain_reset(fds[1]);
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &source, 1, R | ONESHOT));
	expect_event(poll, 1, R | CMIO_READ_CLOSED);
	expect_nothing(poll);
	removed(poll, &source);
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(oneshot_with_level_is_oneshot)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R | ONESHOT | LEVEL);
	expect_event(poll, 1, R);
	expect_nothing(poll);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(trigger_is_changed_by_reregistering)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2], i;

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R);
	expect_event(poll, 1, R);
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &source, 1, R | LEVEL));
	for (i = 0; i < 3; i++)
		expect_event(poll, 1, R);
	ck_assert_ok(cmio_reregister(poll, &source, 1, R));
	expect_event(poll, 1, R);
	expect_nothing(poll);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(level_is_reported_for_as_long_as_it_is_ready),
	EACH_SELECTOR(level_needs_no_rearm_to_be_written_again),
	EACH_SELECTOR(end_is_reported_by_level_until_deregistered),
	EACH_SELECTOR(two_level_sources_share_one_place),
	EACH_SELECTOR(oneshot_is_reported_once_until_reregistered),
	EACH_SELECTOR(spent_oneshot_does_not_report_the_end),
	EACH_SELECTOR(oneshot_with_level_is_oneshot),
	EACH_SELECTOR(trigger_is_changed_by_reregistering),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "level", tests);
}
