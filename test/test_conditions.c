/* SPDX-License-Identifier: MIT */
/*
 * Conditions that last, end and come back: hang-ups, errors, urgent data.
 * One that lasts makes few waits return; one that has come back, and data
 * beside one, are reported soon.
 */
#include "harness.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <netinet/in.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "plain.h"

enum {
	R = CMIO_READABLE,
	W = CMIO_WRITABLE,
	P = CMIO_PRIORITY,
	E = CMIO_ERROR,
	CLOSED = CMIO_READ_CLOSED
};

/* What is promised within 100 ms, on a machine that is busy. */
#define SOON	(500 * MSEC)

static int64_t
cpu_time(void)
{
	struct rusage usage;

	ck_assert_ok(getrusage(RUSAGE_SELF, &usage));
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
	    INT64_C(1000000000) +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

/* The bits of the first event of this token, 0 if none comes soon. */
static unsigned int
soon(struct cmio_poll *poll, uintptr_t token)
{
	int64_t end = clock_now() + SOON, left;
	struct cmio_event events[8];
	int i, n;

	while ((left = end - clock_now()) > 0) {
		n = cmio_poll_wait(poll, events, 8, left);
		ck_assert_int_ne(n, -1);
		for (i = 0; i < n; i++)
			if (events[i].token == token)
				return events[i].ready;
	}
	return 0;
}

/*
 * How many waits return something in 300 ms, act() being called after each,
 * which must not take the processor's time.
 */
static int
waits_in_300_ms(struct cmio_poll *poll, void (*act)(void *), void *arg)
{
	int64_t end = clock_now() + 300 * MSEC, left, before = cpu_time();
	struct cmio_event events[8];
	int n, count = 0;

	while ((left = end - clock_now()) > 0) {
		n = cmio_poll_wait(poll, events, 8, left);
		ck_assert_int_ne(n, -1);
		if (n > 0)
			count++;
		if (n > 0 && act != NULL)
			act(arg);
		ck_assert_int_lt(count, 1000);
	}
	ck_assert_int_lt(cpu_time() - before, 150 * MSEC);
	return count;
}

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

/* A FIFO and its reader. */
static int
make_fifo(char *path, size_t size)
{
	int fd;

	snprintf(path, size, "/tmp/cmio-fifo-%ld", (long)getpid());
	unlink(path);
	ck_assert_ok(mkfifo(path, 0600));
	fd = open(path, O_RDONLY | O_NONBLOCK);
	ck_assert_ok(fd);
	return fd;
}

static void
read_until(int fd, size_t bytes)
{
	char buf[16];
	ssize_t n;
	size_t got = 0;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		got += (size_t)n;
	ck_assert_uint_eq(got, bytes);
}

static int
open_writer(const char *path)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK);

	ck_assert_ok(fd);
	return fd;
}

START_TEST(every_writer_of_a_fifo_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	char path[100];
	int fd = make_fifo(path, sizeof(path)), i, writer;

	add(poll, &source, fd, 1, R);
	for (i = 0; i < 4; i++) {
		writer = open_writer(path);
		plain_put(writer);
		ck_assert_uint_ne(soon(poll, 1) & R, 0);
		/* One reads to EAGAIN, the next leaves that to the end. */
		if (i % 2)
			ck_assert_uint_eq(plain_drain(&source), 1);
		close(writer);
		if (i % 2)
			ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
		read_until(fd, i % 2 ? 0 : 1);
		ck_assert_ok(cmio_rearm(&source, R));
	}
	removed(poll, &source);
	close(fd);
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

/* All that the writer does is over before the reader waits. */
START_TEST(writer_of_a_fifo_that_comes_and_goes_between_waits_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	char path[100];
	int fd = make_fifo(path, sizeof(path)), i, writer;

	add(poll, &source, fd, 1, R);
	for (i = 0; i < 4; i++) {
		writer = open_writer(path);
		if (i != 2)
			plain_put(writer);
		close(writer);
		ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
		read_until(fd, i != 2);
	}
	removed(poll, &source);
	close(fd);
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(end_of_a_fifo_that_lasts_makes_few_events)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	char path[100];
	int fd = make_fifo(path, sizeof(path));

	add(poll, &source, fd, 1, R);
	close(open_writer(path));
	ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
	ck_assert_int_le(waits_in_300_ms(poll, NULL, NULL), 3);
	removed(poll, &source);
	close(fd);
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reader_of_a_fifo_that_comes_back_is_reported_to_the_writer)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	char path[100];
	int reader, writer, i;

	/* FreeBSD and OpenBSD drop the filter, see kqueue's own tests. */
	skip_on(_i, "kqueue", "a writer is told of its reader's end alone");
	skip_on(_i, "libkqueue", "a writer is told of its reader's end alone");
	poll = open_selector(_i);
	reader = make_fifo(path, sizeof(path));
	writer = open_writer(path);
	add(poll, &source, writer, 1, W);
	ck_assert_uint_ne(soon(poll, 1) & W, 0);
	for (i = 0; i < 3; i++) {
		plain_fill(&source);
		close(reader);
		ck_assert_uint_ne(soon(poll, 1) & E, 0);
		reader = open(path, O_RDONLY | O_NONBLOCK);
		ck_assert_ok(reader);
		{
			char buf[65536];

			while (read(reader, buf, sizeof(buf)) > 0)
				continue;
		}
		ck_assert_uint_ne(soon(poll, 1) & W, 0);
	}
	removed(poll, &source);
	close(reader);
	close(writer);
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

/* The master of a terminal, and the path of the other side. */
static int
open_terminal(char *path, size_t size)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name;

	if (fd == -1 || grantpt(fd) == -1 || unlockpt(fd) == -1 ||
	    (name = ptsname(fd)) == NULL) {
		if (fd != -1)
			close(fd);
		return -1;
	}
	snprintf(path, size, "%s", name);
	ck_assert_ok(fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK));
	return fd;
}

START_TEST(terminal_that_is_opened_again_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	char path[100], buf[16];
	int fd = open_terminal(path, sizeof(path)), i, slave;

	if (fd == -1) {
		cmio_poll_unref(poll);
		skip("no terminals here");
	}
	add(poll, &source, fd, 1, R);
	for (i = 0; i < 4; i++) {
		slave = open(path, O_RDWR | O_NOCTTY);
		ck_assert_ok(slave);
		ck_assert_int_eq(write(slave, "x", 1), 1);
		/* A hang-up that lasts from before may be reported first. */
		do
			ck_assert_uint_ne(soon(poll, 1) & R, 0);
		while (read(fd, buf, sizeof(buf)) != 1);
		if (i % 2)
			plain_drain(&source);
		close(slave);
		ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
		ck_assert_int_le(read(fd, buf, sizeof(buf)), 0);
	}
	ck_assert_int_le(waits_in_300_ms(poll, NULL, NULL), 3);
	removed(poll, &source);
	close(fd);
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

struct sleeper {
	struct cmio_poll	*poll;
	unsigned int		 ready;
};

static void
sleep_soon(void *arg)
{
	struct sleeper *s = arg;

	s->ready = soon(s->poll, 1);
}

START_TEST(condition_that_ends_is_seen_by_a_sleeper)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct sleeper s = { .poll = poll };
	struct task task;
	char path[100];
	int fd = make_fifo(path, sizeof(path)), writer, i;

	add(poll, &source, fd, 1, R);
	close(open_writer(path));
	ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
	for (i = 0; i < 3; i++) {
		task_start(&task, sleep_soon, &s);
		give_way(20);
		writer = open_writer(path);
		plain_put(writer);
		task_join(&task);
		ck_assert_uint_ne(s.ready & R, 0);
		plain_drain(&source);
		close(writer);
		ck_assert_uint_ne(soon(poll, 1) & CLOSED, 0);
	}
	removed(poll, &source);
	close(fd);
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reregistering_reports_a_condition_again)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	char path[100];
	int fd, i;

	poll = open_selector(_i);
	fd = make_fifo(path, sizeof(path));
	add(poll, &source, fd, 1, R);
	close(open_writer(path));
	for (i = 0; i < 3; i++) {
		expect_event(poll, 1, CLOSED);
		expect_nothing(poll);
		ck_assert_ok(cmio_reregister(poll, &source, 1, R));
	}
	removed(poll, &source);
	/* One that is looked at may go. */
	add(poll, &source, fd, 1, R);
	expect_event(poll, 1, CLOSED);
	removed(poll, &source);
	expect_nothing(poll);
	close(fd);
	unlink(path);
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
	EACH_SELECTOR(every_writer_of_a_fifo_is_reported),
	EACH_SELECTOR(
	    writer_of_a_fifo_that_comes_and_goes_between_waits_is_reported),
	EACH_SELECTOR(end_of_a_fifo_that_lasts_makes_few_events),
	EACH_SELECTOR(
	    reader_of_a_fifo_that_comes_back_is_reported_to_the_writer),
	EACH_SELECTOR(terminal_that_is_opened_again_is_reported),
	EACH_SELECTOR(hang_up_of_a_socket_is_reported_once),
	EACH_SELECTOR(urgent_data_that_nobody_reads_make_few_events),
	EACH_SELECTOR(each_urgent_byte_is_reported),
	EACH_SELECTOR(data_beside_urgent_data_are_reported),
	EACH_SELECTOR(source_beside_one_with_a_condition_has_its_turn),
	EACH_SELECTOR(condition_that_ends_is_seen_by_a_sleeper),
	EACH_SELECTOR(reregistering_reports_a_condition_again),
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
