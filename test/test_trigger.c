/* SPDX-License-Identifier: MIT */
/* Edge, CMIO_LEVEL and CMIO_ONESHOT, and changing from one to another. */
#include "harness.h"

#include <sys/socket.h>

#include <string.h>
#include <unistd.h>

enum { BOTH = CMIO_READABLE | CMIO_WRITABLE };

/* A socket that is readable and writable, and its peer. */
static struct cmio_source
ready_socket(int *peer)
{
	struct cmio_source source;
	int fds[2];

	ck_assert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	cmio_source_init(&source, fds[0]);
	*peer = fds[1];
	return source;
}

static void
drop(struct cmio_poll *poll, struct cmio_source *source, int peer)
{
	ck_assert_ok(cmio_deregister(poll, source));
	close(source->fd);
	close(peer);
	cmio_poll_unref(poll);
}

START_TEST(event_of_one_direction_silences_the_other)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int i, peer;

	source = ready_socket(&peer);
	ck_assert_ok(cmio_register(poll, &source, 0, BOTH | CMIO_ONESHOT));
	for (i = 0; i < 3; i++) {
		/* Room for one: on kqueue that is one direction. */
		expect_event(poll, (uintptr_t)i, 0);
		expect_nothing(poll);
		ck_assert_int_eq(write(peer, "x", 1), 1);
		expect_nothing(poll);
		ck_assert_ok(cmio_reregister(poll, &source, (uintptr_t)i + 1,
		    BOTH | CMIO_ONESHOT));
	}
	drop(poll, &source, peer);
}
END_TEST

START_TEST(one_wait_tells_all_directions)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct cmio_event events[4];
	unsigned int seen = 0;
	int i, n, peer;

	source = ready_socket(&peer);
	ck_assert_ok(cmio_register(poll, &source, 7, BOTH | CMIO_ONESHOT));
	n = cmio_poll_wait(poll, events, 4, LONG_TIME);
	ck_assert_int_ge(n, 1);
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(events[i].token, 7);
		seen |= events[i].ready;
	}
	ck_assert_uint_eq(seen & BOTH, BOTH);
	expect_nothing(poll);
	drop(poll, &source, peer);
}
END_TEST

START_TEST(old_data_is_told_after_reregister)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int i, peer;

	source = ready_socket(&peer);
	ck_assert_ok(cmio_register(poll, &source, 1,
	    CMIO_READABLE | CMIO_ONESHOT));
	for (i = 0; i < 3; i++) {
		expect_event(poll, 1, CMIO_READABLE);
		expect_nothing(poll);
		ck_assert_ok(cmio_reregister(poll, &source, 1,
		    CMIO_READABLE | CMIO_ONESHOT));
	}
	drop(poll, &source, peer);
}
END_TEST

START_TEST(trigger_changes_with_reregister)
{
	static const unsigned int triggers[] = {
		CMIO_LEVEL, 0, CMIO_ONESHOT, CMIO_LEVEL, CMIO_ONESHOT, 0
	};
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	size_t i;
	int peer;

	source = ready_socket(&peer);
	ck_assert_ok(cmio_register(poll, &source, 0, CMIO_READABLE));
	expect_event(poll, 0, CMIO_READABLE);
	for (i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
		ck_assert_ok(cmio_reregister(poll, &source, i,
		    CMIO_READABLE | triggers[i]));
		expect_event(poll, i, CMIO_READABLE);
		if (triggers[i] == CMIO_LEVEL)
			expect_event(poll, i, CMIO_READABLE);
		else
			expect_nothing(poll);
	}
	drop(poll, &source, peer);
}
END_TEST

static const unsigned int all_triggers[] = { 0, CMIO_LEVEL, CMIO_ONESHOT };

static struct cmio_source
pipe_without_a_reader(void)
{
	struct cmio_source source;
	int fds[2];

	ck_assert_ok(pipe(fds));
	close(fds[0]);
	cmio_source_init(&source, fds[1]);
	return source;
}

/* The reader is closed before the source is registered: FreeBSD's EPIPE. */
START_TEST(pipe_without_a_reader_is_write_closed_when_registered)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source = pipe_without_a_reader();
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_register(poll, &source, i,
		    CMIO_WRITABLE | all_triggers[i]));
		expect_event(poll, i, CMIO_WRITABLE | CMIO_WRITE_CLOSED);
		if (all_triggers[i] == CMIO_LEVEL)
			expect_event(poll, i, CMIO_WRITE_CLOSED);
		else
			expect_nothing(poll);
		ck_assert_ok(cmio_deregister(poll, &source));
		expect_nothing(poll);
	}
	close(source.fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(pipe_without_a_reader_is_write_closed_when_reregistered)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	size_t i;

	poll = open_selector(_i);
	source = pipe_without_a_reader();
	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_register(poll, &source, i,
		    CMIO_WRITABLE | all_triggers[i]));
		expect_event(poll, i, CMIO_WRITE_CLOSED);
		ck_assert_ok(cmio_reregister(poll, &source, i + 10,
		    CMIO_WRITABLE | all_triggers[i]));
		expect_event(poll, i + 10, CMIO_WRITE_CLOSED);
		ck_assert_ok(cmio_reregister(poll, &source, i + 20,
		    CMIO_READABLE | CMIO_WRITABLE | all_triggers[i]));
		wait_for(poll, i + 20, CMIO_WRITE_CLOSED);
		ck_assert_ok(cmio_deregister(poll, &source));
		expect_nothing(poll);
	}
	close(source.fd);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(event_of_one_direction_silences_the_other),
	EACH_SELECTOR(one_wait_tells_all_directions),
	EACH_SELECTOR(old_data_is_told_after_reregister),
	EACH_SELECTOR(trigger_changes_with_reregister),
	EACH_SELECTOR(pipe_without_a_reader_is_write_closed_when_registered),
	EACH_SELECTOR(pipe_without_a_reader_is_write_closed_when_reregistered),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "trigger", tests);
}
