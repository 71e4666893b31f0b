/* SPDX-License-Identifier: MIT */
/*
 * Hang-ups of FIFOs and terminals that last, end and come back: see
 * test_conditions.c.
 */
#include "conditions.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain.h"

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

static const struct test tests[] = {
	EACH_SELECTOR(every_writer_of_a_fifo_is_reported),
	EACH_SELECTOR(
	    writer_of_a_fifo_that_comes_and_goes_between_waits_is_reported),
	EACH_SELECTOR(end_of_a_fifo_that_lasts_makes_few_events),
	EACH_SELECTOR(
	    reader_of_a_fifo_that_comes_back_is_reported_to_the_writer),
	EACH_SELECTOR(terminal_that_is_opened_again_is_reported),
	EACH_SELECTOR(condition_that_ends_is_seen_by_a_sleeper),
	EACH_SELECTOR(reregistering_reports_a_condition_again),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "conditions_fifo", tests);
}
