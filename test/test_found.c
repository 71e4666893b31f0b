/* SPDX-License-Identifier: MIT */
/* Errors that the programs of doc/TESTING have found, shortened. */
#include "harness.h"

#include <sys/socket.h>

#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

/* The descriptor that wakes the poll gets the number of a closed one. */
START_TEST(closed_source_cannot_touch_what_wakes_its_poll)
{
	struct cmio_poll *poll;
	struct cmio_user_event event;
	struct cmio_source source;
	int fds[2];

	skip_on(_i, "libkqueue", NO_CLOSE);
	poll = open_selector(_i);
	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	close(fds[0]);
	ck_assert_ok(cmio_user_event_add(poll, &event, 2));
	ck_assert_int_eq(cmio_reregister(poll, &source, 3, R | W), -1);
	removed(poll, &source);
	ck_assert_ok(cmio_user_event_trigger(&event));
	expect_event(poll, 2, R);
	expect_nothing(poll);
	ck_assert_ok(cmio_user_event_remove(&event));
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* epoll: a datagram socket's error looked like that of a pipe. */
START_TEST(error_of_a_datagram_never_closes_writing)
{
	struct cmio_poll *poll;
	unsigned short port, unused;
	struct cmio_source source;
	struct cmio_event event;
	int fd, peer;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	poll = open_selector(_i);
	peer = plain_udp_socket(&port);
	fd = plain_udp_socket(&unused);
	ck_assert_ok(plain_connect(fd, port));
	close(peer);
	add(poll, &source, fd, 1, R | W | CMIO_EXCLUSIVE);
	expect_event(poll, 1, W);
	plain_put(fd);
	do {
		event = expect_event(poll, 1, 0);
		ck_assert_uint_eq(event.ready & CMIO_WRITE_CLOSED, 0);
	} while ((event.ready & R) == 0);
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(closed_source_cannot_touch_what_wakes_its_poll),
	EACH_SELECTOR(error_of_a_datagram_never_closes_writing),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "found", tests);
}
