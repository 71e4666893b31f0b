/* SPDX-License-Identifier: MIT */
/*
 * Conditions that last, end and come back: hang-ups, errors, urgent data.
 * One that lasts makes few waits return; one that has come back, and data
 * beside one, are reported soon.
 */
#include "conditions.h"

#include <sys/socket.h>
#include <netinet/in.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "plain.h"

static void
drain(void *arg)
{
	plain_drain(arg);
}

/* A socket whose datagrams go to a port that nobody has. */
static int
refused_socket(void)
{
	unsigned short own, port;
	int fd, nobody;

	nobody = plain_udp_socket(&port);
	fd = plain_udp_socket(&own);
	close(nobody);
	ck_assert_ok(plain_connect(fd, port));
	return fd;
}

static int
pending_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	ck_assert_ok(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len));
	return error;
}

/* A refusal that is kept in a queue, if there is one. */
static bool
keep_errors(int fd)
{
#ifdef IP_RECVERR
	int one = 1;

	return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one,
	    sizeof(one)) == 0;
#else
	(void)fd;
	return false;
#endif
}

START_TEST(error_queue_that_nobody_reads_makes_few_events)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fd = refused_socket();

	if (!keep_errors(fd)) {
		close(fd);
		cmio_poll_unref(poll);
		skip("no queue of errors");
	}
	add(poll, &source, fd, 1, R);
	ck_assert_int_eq(send(fd, "x", 1, 0), 1);
	ck_assert_uint_ne(soon(poll, 1) & E, 0);
	plain_drain(&source);
	ck_assert_int_le(waits_in_300_ms(poll, drain, &source), 3);
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(error_that_nobody_takes_makes_few_events)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fd = refused_socket();

	add(poll, &source, fd, 1, W);
	ck_assert_uint_eq(soon(poll, 1) & W, W);
	ck_assert_int_eq(send(fd, "x", 1, 0), 1);
	ck_assert_uint_eq(soon(poll, 1) & W, W);
	ck_assert_int_le(waits_in_300_ms(poll, NULL, NULL), 3);
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(each_refusal_of_a_writer_is_reported)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	int fd, i;

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	poll = open_selector(_i);
	fd = refused_socket();
	add(poll, &source, fd, 1, W);
	ck_assert_uint_eq(soon(poll, 1) & W, W);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(send(fd, "x", 1, 0), 1);
		ck_assert_uint_ne(soon(poll, 1), 0);
		ck_assert_int_eq(pending_error(fd), ECONNREFUSED);
	}
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

/* From fd to where nobody sends, which refuses. */
static void
provoke_refusal(int fd, int nobody)
{
	struct sockaddr_in to;
	socklen_t len = sizeof(to);

	ck_assert_ok(getpeername(nobody, (struct sockaddr *)&to, &len));
	ck_assert_int_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, len),
	    1);
}

/* One datagram, whatever is reported before. */
static void
receive_soon(struct cmio_poll *poll, struct cmio_source *source)
{
	char c;

	for (;;) {
		ck_assert_uint_ne(soon(poll, 1), 0);
		if (recv(source->fd, &c, 1, 0) == 1)
			break;
		ck_assert_ok(cmio_rearm(source, R));
	}
}

START_TEST(data_beside_a_queue_of_errors_are_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	unsigned short port, peers;
	int fd, nobody, peer, i;

	fd = plain_udp_socket(&port);
	peer = plain_udp_socket(&peers);
	if (!keep_errors(fd)) {
		close(fd);
		close(peer);
		cmio_poll_unref(poll);
		skip("no queue of errors");
	}
	nobody = refused_socket();
	ck_assert_ok(plain_connect(peer, port));
	add(poll, &source, fd, 1, R);
	provoke_refusal(fd, nobody);
	ck_assert_uint_ne(soon(poll, 1) & E, 0);
	plain_drain(&source);
	for (i = 0; i < 4; i++) {
		plain_put(peer);
		receive_soon(poll, &source);
		/* Not read until EAGAIN in every other turn. */
		if (i % 2)
			plain_drain(&source);
		else
			ck_assert_ok(cmio_rearm(&source, R));
	}
	removed(poll, &source);
	close(fd);
	close(peer);
	close(nobody);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(hang_up_of_a_socket_is_reported_once)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	skip_on(_i, "libkqueue", TAKES_ERRORS);
	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R | W);
	close(fds[1]);
	ck_assert_uint_ne(wait_for(poll, 1, R | W), 0);
	ck_assert_int_le(waits_in_300_ms(poll, NULL, NULL), 1);
	removed(poll, &source);
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(urgent_data_that_nobody_reads_make_few_events)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	int fds[2];

	if (!has_priority(_i))
		skip("urgent data are not reported");
	poll = open_selector(_i);
	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, P);
	ck_assert_int_eq(send(fds[1], "!", 1, MSG_OOB), 1);
	ck_assert_uint_ne(soon(poll, 1) & P, 0);
	ck_assert_int_le(waits_in_300_ms(poll, drain, &source), 3);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(each_urgent_byte_is_reported)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	int fds[2], i;
	char c;

	if (!has_priority(_i))
		skip("urgent data are not reported");
	poll = open_selector(_i);
	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, P);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(send(fds[1], "!", 1, MSG_OOB), 1);
		do
			ck_assert_uint_ne(soon(poll, 1) & P, 0);
		while (recv(fds[0], &c, 1, MSG_OOB) != 1);
	}
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(data_beside_urgent_data_are_reported)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	int fds[2], i;

	if (!has_priority(_i))
		skip("urgent data are not reported");
	poll = open_selector(_i);
	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, R | P);
	ck_assert_int_eq(send(fds[1], "!", 1, MSG_OOB), 1);
	ck_assert_uint_ne(soon(poll, 1) & P, 0);
	plain_drain(&source);
	for (i = 0; i < 4; i++) {
		plain_put(fds[1]);
		do
			ck_assert_uint_ne(soon(poll, 1) & R, 0);
		while (plain_drain(&source) == 0);
	}
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

/* With room for one event neither keeps the other from its turn. */
START_TEST(source_beside_one_with_a_condition_has_its_turn)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source broken, other;
	struct cmio_event event;
	int fd = refused_socket(), fds[2], i, seen = 0;

	add(poll, &broken, fd, 1, W);
	plain_unix_pair(fds);
	add(poll, &other, fds[0], 2, R | CMIO_LEVEL);
	plain_put(fds[1]);
	for (i = 0; i < 30 && seen < 5; i++) {
		if (send(fd, "x", 1, 0) == -1)
			ck_assert_int_eq(errno, ECONNREFUSED);
		ck_assert_ok(cmio_rearm(&broken, W));
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		if (event.token == 2)
			seen++;
	}
	ck_assert_int_eq(seen, 5);
	plain_get(fds[0]);
	ck_assert_int_eq(send(fd, "x", 1, 0) == -1 ?
	    (int)send(fd, "x", 1, 0) : 1, 1);
	ck_assert_uint_ne(soon(poll, 1), 0);
	removed(poll, &broken);
	removed(poll, &other);
	close(fd);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

/* More than are looked at in one call. */
START_TEST(many_conditions_are_looked_at)
{
	enum { MANY = 150 };
	struct cmio_poll *poll;
	struct cmio_source sources[MANY];
	struct cmio_event events[MANY];
	int fds[MANY][2], i, n, seen = 0;

	if (!room_for_descriptors(MANY + 10))
		skip("too few descriptors");
	poll = open_selector(_i);
	for (i = 0; i < MANY; i++) {
		plain_unix_pair(fds[i]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i, R);
		close(fds[i][1]);
	}
	while (seen < MANY) {
		n = cmio_poll_wait(poll, events, MANY, LONG_TIME);
		ck_assert_int_gt(n, 0);
		seen += n;
	}
	ck_assert_int_eq(seen, MANY);
	ck_assert_int_eq(waits_in_300_ms(poll, NULL, NULL), 0);
	for (i = 0; i < MANY; i++) {
		removed(poll, &sources[i]);
		close(fds[i][0]);
	}
	cmio_poll_unref(poll);
}
END_TEST

/* The conditions are looked at again while there is room for one event. */
START_TEST(looks_do_not_write_behind_the_array)
{
	enum { MANY = 7 };
	const struct cmio_event mark = { .token = 99 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[MANY];
	struct cmio_event events[2];
	int fds[MANY][2], i, n, seen = 0;
	int64_t end;

	for (i = 0; i < MANY; i++) {
		plain_pipe(fds[i]);
		add(poll, &sources[i], fds[i][1], (uintptr_t)i, W);
		close(fds[i][0]);
	}
	for (end = clock_now() + 250 * MSEC; seen < MANY ||
	    clock_now() < end; seen += n) {
		events[1] = mark;
		n = cmio_poll_wait(poll, events, 1, 50 * MSEC);
		ck_assert_int_ge(n, 0);
		ck_assert_int_le(n, 1);
		ck_assert_mem_eq(&events[1], &mark, sizeof(mark));
	}
	for (i = 0; i < MANY; i++) {
		removed(poll, &sources[i]);
		close(fds[i][1]);
	}
	cmio_poll_unref(poll);
}
END_TEST

/* Linux: a stream that was never connected hangs up, until it is. */
START_TEST(second_hang_up_of_a_socket_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	unsigned short port;
	int fd = plain_tcp_socket(), listener = plain_tcp_listener(&port);
	int peer;

	add(poll, &source, fd, 1, R | W);
	if ((soon(poll, 1) & CMIO_WRITE_CLOSED) != 0) {
		plain_connect(fd, port);
		ck_assert_uint_ne(soon(poll, 1) & W, 0);
		peer = accept(listener, NULL, NULL);
		ck_assert_int_ne(peer, -1);
		ck_assert_ok(shutdown(peer, SHUT_WR));
		ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
		ck_assert_ok(shutdown(fd, SHUT_WR));
		ck_assert_uint_ne(soon(poll, 1) & CMIO_WRITE_CLOSED, 0);
		close(peer);
	}
	removed(poll, &source);
	close(fd);
	close(listener);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(error_queue_that_nobody_reads_makes_few_events),
	EACH_SELECTOR(error_that_nobody_takes_makes_few_events),
	EACH_SELECTOR(each_refusal_of_a_writer_is_reported),
	EACH_SELECTOR(data_beside_a_queue_of_errors_are_reported),
	EACH_SELECTOR(hang_up_of_a_socket_is_reported_once),
	EACH_SELECTOR(urgent_data_that_nobody_reads_make_few_events),
	EACH_SELECTOR(each_urgent_byte_is_reported),
	EACH_SELECTOR(data_beside_urgent_data_are_reported),
	EACH_SELECTOR(source_beside_one_with_a_condition_has_its_turn),
	EACH_SELECTOR(many_conditions_are_looked_at),
	EACH_SELECTOR(looks_do_not_write_behind_the_array),
	EACH_SELECTOR(second_hang_up_of_a_socket_is_reported),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "conditions", tests);
}
