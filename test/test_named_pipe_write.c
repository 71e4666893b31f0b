/* SPDX-License-Identifier: MIT */
/* Writes under way when the source of a named pipe or its poll is closed. */
#include "named_pipes.h"

#include <string.h>

#include <cmio/windows.h>

#include "descriptors.h"
#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

/* More than the kernel buffers, so that a write is still pending. */
static size_t
fill(struct cmio_poll *poll, struct cmio_source *source)
{
	static char buf[65536];
	size_t written = 0;
	ssize_t n;

	memset(buf, 'x', sizeof(buf));
	while ((n = cmio_write(source, buf, sizeof(buf))) != -1) {
		written += (size_t)n;
		settle(poll);
	}
	ck_assert_int_eq(errno, EAGAIN);
	return written;
}

/* Without a poll. */
static void
read_all(struct cmio_source *source, size_t len)
{
	static char buf[65536];
	size_t n = 0;
	ssize_t got;

	while (n < len) {
		got = cmio_read(source, buf, sizeof(buf));
		if (got == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			SwitchToThread();
		} else {
			ck_assert_int_gt(got, 0);
			n += (size_t)got;
		}
	}
	ck_assert_uint_eq(n, len);
}

/* A thread of the system frees what a pending write has used. */
static void
await_descriptors(int n)
{
	ULONGLONG end = GetTickCount64() + LONG_TIME / 1000000;

	while (open_descriptors() > n && GetTickCount64() < end)
		SwitchToThread();
	ck_assert_int_eq(open_descriptors(), n);
}

START_TEST(write_under_way_survives_close)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	static char buf[65536];
	struct cmio_event event;
	size_t written, n = 0;
	ssize_t got;

	written = fill(poll, &client);
	ck_assert_ok(cmio_close(&client));
	while (n < written) {
		got = cmio_read(&server, buf, sizeof(buf));
		if (got == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			ck_assert_int_eq(cmio_poll_wait(poll, &event, 1,
			    LONG_TIME), 1);
		} else {
			ck_assert_int_gt(got, 0);
			n += (size_t)got;
		}
	}
	ck_assert_ok(cmio_close(&server));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(write_under_way_survives_close_and_the_poll)
{
	int before = open_descriptors();
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	size_t written;

	written = fill(poll, &client);
	ck_assert_ok(cmio_close(&client));
	ck_assert_ok(cmio_deregister(poll, &server));
	cmio_poll_unref(poll);
	read_all(&server, written);
	ck_assert_ok(cmio_close(&server));
	await_descriptors(before);
}
END_TEST

START_TEST(write_under_way_survives_the_poll_and_close)
{
	int before = open_descriptors();
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	size_t written;

	written = fill(poll, &server);
	ck_assert_ok(cmio_deregister(poll, &client));
	ck_assert_ok(cmio_deregister(poll, &server));
	cmio_poll_unref(poll);
	ck_assert_errno(cmio_write(&server, "x", 1), EAGAIN);
	ck_assert_ok(cmio_close(&server));
	read_all(&client, written);
	ck_assert_ok(cmio_close(&client));
	await_descriptors(before);
}
END_TEST

START_TEST(write_that_nobody_reads_keeps_nothing)
{
	int before = open_descriptors();
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);

	fill(poll, &client);
	ck_assert_ok(cmio_close(&client));
	ck_assert_ok(cmio_deregister(poll, &server));
	cmio_poll_unref(poll);
	ck_assert_ok(cmio_close(&server));
	await_descriptors(before);
}
END_TEST

START_TEST(what_is_written_survives_its_poll_and_its_source)
{
	struct cmio_poll *poll = open_selector(_i), *own;
	struct cmio_source server, client;
	static char buf[65536];
	size_t written, n = 0;
	ssize_t got;
	int order;

	for (order = 0; order < 2; order++) {
		own = open_selector(_i);
		make_pair(&server, &client);
		ck_assert_ok(cmio_register(poll, &server, 1, R));
		ck_assert_ok(cmio_named_pipe_accept(&server));
		ck_assert_ok(cmio_register(own, &client, 2, W));
		written = fill(own, &client);
		if (order == 0)
			ck_assert_ok(cmio_close(&client));
		else
			ck_assert_ok(cmio_deregister(own, &client));
		cmio_poll_unref(own);
		for (n = 0; n < written; n += (size_t)got) {
			wait_for(poll, 1, R);
			while ((got = cmio_read(&server, buf,
			    sizeof(buf))) > 0)
				n += (size_t)got;
			ck_assert(got == 0 || errno == EAGAIN);
			got = 0;
		}
		ck_assert_uint_eq(n, written);
		if (order == 1)
			ck_assert_ok(cmio_close(&client));
		while (cmio_read(&server, buf, 1) == -1)
			wait_for(poll, 1, R);
		ck_assert_ok(cmio_close(&server));
	}
	cmio_poll_unref(poll);
	/* A thread of the system closes the pipe's last handles. */
	give_way(100);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(write_under_way_survives_close),
	EACH_SELECTOR(write_under_way_survives_close_and_the_poll),
	EACH_SELECTOR(write_under_way_survives_the_poll_and_close),
	EACH_SELECTOR(write_that_nobody_reads_keeps_nothing),
	EACH_SELECTOR(what_is_written_survives_its_poll_and_its_source),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "named_pipe_write", tests);
}
