/* SPDX-License-Identifier: MIT */
/* How each state of a socket or a pipe is reported. */
#include "harness.h"

#include <sys/socket.h>

#include <unistd.h>

#include "plain.h"

enum {
	R = CMIO_READABLE,
	W = CMIO_WRITABLE,
	P = CMIO_PRIORITY,
	E = CMIO_ERROR,
	RC = CMIO_READ_CLOSED,
	WC = CMIO_WRITE_CLOSED
};

/* An error that kqueue reports only as readiness. */
static unsigned int
error_hint(int selector)
{
	return is_kqueue(selector) ? 0 : E;
}

/*
 * Registers fd, expects all of these bits and none of those, and no event in a
 * second wait.  Closes fd.
 */
static void
expect_ready(int selector, int fd, unsigned int interest, unsigned int these,
    unsigned int not_those)
{
	struct cmio_poll *poll = open_selector(selector);
	struct cmio_source source;
	struct cmio_event event;
	unsigned int seen;
	int i;

	add(poll, &source, fd, 1, interest);
	seen = wait_for(poll, 1, these);
	/* The other directions, in separate events. */
	for (i = 0; i < 2 && is_kqueue(selector); i++)
		if (cmio_poll_wait(poll, &event, 1, 0) == 1)
			seen |= event.ready;
	ck_assert_uint_eq(seen & not_those, 0);
	expect_nothing(poll);
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}

START_TEST(writable_alone_says_nothing_else)
{
	int fds[2];

	plain_tcp_pair(fds);
	expect_ready(_i, fds[0], R | W, W, ~(unsigned int)W);
	close(fds[1]);
}
END_TEST

START_TEST(peer_that_shuts_down_closes_reading_alone)
{
	int fds[2];

	plain_tcp_pair(fds);
	ck_assert_ok(shutdown(fds[1], SHUT_WR));
	expect_ready(_i, fds[0], R | W, R | RC, E | WC);
	close(fds[1]);
	plain_unix_pair(fds);
	ck_assert_ok(shutdown(fds[1], SHUT_WR));
	expect_ready(_i, fds[0], R, R | RC, E | WC);
	close(fds[1]);
}
END_TEST

START_TEST(reset_is_readable_and_writable_error)
{
	int fds[2];

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	plain_tcp_pair(fds);
	plain_reset(fds[1]);
	expect_ready(_i, fds[0], R | W, R | W | E | RC | WC, P);
	plain_tcp_pair(fds);
	plain_reset(fds[1]);
	expect_ready(_i, fds[0], R, R | E | RC, P);
	plain_tcp_pair(fds);
	plain_reset(fds[1]);
	expect_ready(_i, fds[0], W, W | E | WC, P);
}
END_TEST

START_TEST(reset_does_not_make_a_wait_spin)
{
	static const unsigned int interests[] = { R | P, P, R | W | P, W | P };
	size_t i;
	int fds[2];

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	/* The second wait of expect_ready would not end. */
	for (i = 0; i < sizeof(interests) / sizeof(interests[0]); i++) {
		plain_tcp_pair(fds);
		plain_reset(fds[1]);
		expect_ready(_i, fds[0], interests[i],
		    (interests[i] & (R | W)) | E, 0);
	}
}
END_TEST

START_TEST(local_shutdown_of_both_is_both_closed)
{
	int fds[2];

	plain_tcp_pair(fds);
	ck_assert_ok(shutdown(fds[0], SHUT_RD));
	expect_ready(_i, fds[0], R, R | RC, E | WC);
	close(fds[1]);
	plain_unix_pair(fds);
	ck_assert_ok(shutdown(fds[0], SHUT_RDWR));
	expect_ready(_i, fds[0], R | W, R | W | RC | WC, E);
	close(fds[1]);
}
END_TEST

START_TEST(closed_unix_peer_is_both_closed)
{
	int fds[2];

	plain_unix_pair(fds);
	close(fds[1]);
	expect_ready(_i, fds[0], R | W, R | W | RC | WC, E);
}
END_TEST

START_TEST(unread_data_of_closed_unix_peer_is_an_error)
{
	int fds[2];

	plain_unix_pair(fds);
	plain_put(fds[0]);
	close(fds[1]);
	expect_ready(_i, fds[0], R | W, R | W | RC | WC | error_hint(_i), 0);
}
END_TEST

START_TEST(closed_writer_makes_an_empty_pipe_readable)
{
	int fds[2];

	plain_pipe(fds);
	close(fds[1]);
	expect_ready(_i, fds[0], R, R | RC, E | WC);
	plain_pipe(fds);
	plain_put(fds[1]);
	close(fds[1]);
	expect_ready(_i, fds[0], R, R | RC, E | WC);
}
END_TEST

START_TEST(closed_reader_makes_a_pipe_writable)
{
	int fds[2];

	plain_pipe(fds);
	close(fds[0]);
	expect_ready(_i, fds[1], W, W | error_hint(_i) | WC, RC);
}
END_TEST

START_TEST(closed_reader_makes_a_full_pipe_writable)
{
	struct cmio_source writer;
	int fds[2];

	plain_pipe(fds);
	cmio_source_init(&writer, fds[1]);
	plain_fill(&writer);
	close(fds[0]);
	expect_ready(_i, fds[1], W, W | error_hint(_i), RC);
}
END_TEST

START_TEST(refused_connection_is_writable_error)
{
	unsigned short port;
	int fd;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	close(plain_tcp_listener(&port));
	fd = plain_tcp_socket();
	if (plain_connect(fd, port) == -1 && errno == ECONNREFUSED) {
		close(fd);
		skip("the kernel refuses at once");
	}
	expect_ready(_i, fd, W, W | E | WC, P);
	fd = plain_tcp_socket();
	plain_connect(fd, port);
	expect_ready(_i, fd, R | W, R | W | E, P);
}
END_TEST

START_TEST(connection_is_writable_once_it_is_there)
{
	unsigned short port;
	int fd = plain_tcp_socket(), listener = plain_tcp_listener(&port);

	plain_connect(fd, port);
	expect_ready(_i, fd, R | W, W, E | RC | WC | R);
	close(listener);
}
END_TEST

START_TEST(pending_connection_makes_a_listener_readable)
{
	unsigned short port;
	int fd = plain_tcp_socket(), listener = plain_tcp_listener(&port);

	plain_connect(fd, port);
	expect_ready(_i, listener, R, R, ~(unsigned int)R);
	close(fd);
}
END_TEST

START_TEST(registering_before_connect_works_after_rearm)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	struct cmio_event event;
	unsigned short port;
	int fd, listener, peer;

	skip_on(_i, "libkqueue", "an unconnected socket is at its end");
	poll = open_selector(_i);
	fd = plain_tcp_socket();
	listener = plain_tcp_listener(&port);
	add(poll, &source, fd, 1, R | W);
	/* Some systems report a hang-up for an unconnected socket. */
	cmio_poll_wait(poll, &event, 1, A_WHILE);
	if (plain_connect(fd, port) == -1)
		ck_assert_int_eq(errno, EINPROGRESS);
	ck_assert_ok(cmio_rearm(&source, R | W));
	expect_event(poll, 1, W);
	peer = accept(listener, NULL, NULL);
	ck_assert_ok(peer);
	plain_put(peer);
	wait_for(poll, 1, R);
	/* A hang-up is reported although there was one before. */
	ck_assert_uint_eq(plain_drain(&source), 1);
	plain_put(peer);
	wait_for(poll, 1, R);
	plain_reset(peer);
	wait_for(poll, 1, RC | WC);
	removed(poll, &source);
	close(fd);
	close(listener);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(urgent_byte_is_priority_and_readable)
{
	int fds[2];

	if (!has_priority(_i))
		skip("no out-of-band data");
	plain_tcp_pair(fds);
	ck_assert_int_eq(send(fds[1], "!", 1, MSG_OOB), 1);
	expect_ready(_i, fds[0], R | P, R | P, E | RC | WC);
	close(fds[1]);
	plain_tcp_pair(fds);
	ck_assert_int_eq(send(fds[1], "!", 1, MSG_OOB), 1);
	expect_ready(_i, fds[0], P, R | P, E | RC | WC);
	close(fds[1]);
}
END_TEST

START_TEST(second_urgent_byte_is_reported_after_eagain)
{
	struct watched w;
	char c;

	if (!has_priority(_i))
		skip("no out-of-band data");
	watch(&w, _i, plain_tcp_pair, R | P);
	ck_assert_int_eq(send(w.fds[1], "!", 1, MSG_OOB), 1);
	wait_for(w.poll, 1, P);
	ck_assert_int_eq(recv(w.fds[0], &c, 1, MSG_OOB), 1);
	plain_drain(&w.source);
	ck_assert_int_eq(send(w.fds[1], "?", 1, MSG_OOB), 1);
	wait_for(w.poll, 1, P);
	unwatch(&w);
}
END_TEST

static void
refuse(int fd)
{
	unsigned short port;
	int other = plain_udp_socket(&port);

	ck_assert_ok(plain_connect(fd, port));
	close(other);
	ck_assert_int_eq(send(fd, "x", 1, 0), 1);
}

START_TEST(refused_datagram_is_an_error_and_no_end)
{
	unsigned short port;
	int fd;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	fd = plain_udp_socket(&port);
	refuse(fd);
	expect_ready(_i, fd, R | W, R | W | error_hint(_i), RC | WC);
	fd = plain_udp_socket(&port);
	refuse(fd);
	expect_ready(_i, fd, R, R | error_hint(_i), RC | WC);
}
END_TEST

START_TEST(socket_lives_on_after_a_refused_datagram)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	unsigned short port, peer_port;
	int fd, peer, i;
	char c;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	poll = open_selector(_i);
	fd = plain_udp_socket(&port);
	add(poll, &source, fd, 1, R);
	for (i = 0; i < 3; i++) {
		refuse(fd);
		wait_for(poll, 1, R | error_hint(_i));
		ck_assert_errno(recv(fd, &c, 1, 0), ECONNREFUSED);
		ck_assert_errno(recv(fd, &c, 1, 0), EAGAIN);
		ck_assert_ok(cmio_rearm(&source, R));
		expect_nothing(poll);
	}
	peer = plain_udp_socket(&peer_port);
	ck_assert_ok(plain_connect(fd, peer_port));
	ck_assert_ok(plain_connect(peer, port));
	ck_assert_int_eq(send(peer, "y", 1, 0), 1);
	ck_assert_uint_eq(expect_event(poll, 1, R).ready, R);
	removed(poll, &source);
	close(fd);
	close(peer);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(native_bits_are_not_nothing)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_pipe(fds);
	plain_put(fds[1]);
	add(poll, &source, fds[0], 1, R);
	ck_assert_uint_ne(expect_event(poll, 1, R).native, 0);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(writable_alone_says_nothing_else),
	EACH_SELECTOR(peer_that_shuts_down_closes_reading_alone),
	EACH_SELECTOR(reset_is_readable_and_writable_error),
	EACH_SELECTOR(reset_does_not_make_a_wait_spin),
	EACH_SELECTOR(local_shutdown_of_both_is_both_closed),
	EACH_SELECTOR(closed_unix_peer_is_both_closed),
	EACH_SELECTOR(unread_data_of_closed_unix_peer_is_an_error),
	EACH_SELECTOR(closed_writer_makes_an_empty_pipe_readable),
	EACH_SELECTOR(closed_reader_makes_a_pipe_writable),
	EACH_SELECTOR(closed_reader_makes_a_full_pipe_writable),
	EACH_SELECTOR(refused_connection_is_writable_error),
	EACH_SELECTOR(connection_is_writable_once_it_is_there),
	EACH_SELECTOR(pending_connection_makes_a_listener_readable),
	EACH_SELECTOR(registering_before_connect_works_after_rearm),
	EACH_SELECTOR(urgent_byte_is_priority_and_readable),
	EACH_SELECTOR(second_urgent_byte_is_reported_after_eagain),
	EACH_SELECTOR(refused_datagram_is_an_error_and_no_end),
	EACH_SELECTOR(socket_lives_on_after_a_refused_datagram),
	EACH_SELECTOR(native_bits_are_not_nothing),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "readiness", tests);
}
