/* SPDX-License-Identifier: MIT */
/* Named pipes, and overlapped operations of the program's own. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#include <cmio/net.h>
#include <cmio/windows.h>

#include "plain.h"

#include "descriptors.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

static const char *
a_name(void)
{
	static char name[80];
	static int n;

	snprintf(name, sizeof(name), "\\\\.\\pipe\\cmio-test-%lu-%d",
	    GetCurrentProcessId(), n++);
	return name;
}

static void
make_pair(struct cmio_source *server, struct cmio_source *client)
{
	const char *name = a_name();

	ck_assert_ok(cmio_named_pipe_listen(server, name));
	ck_assert_ok(cmio_named_pipe_open(client, name));
}

/* A server registered as 1 that does not wait for a client yet. */
static struct cmio_poll *
listening(int i, struct cmio_source *server, const char *name)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_named_pipe_listen(server, name));
	ck_assert_ok(cmio_register(poll, server, 1, R | W));
	return poll;
}

/* Accepts a client that is connected already or comes later. */
static void
accept_any(struct cmio_source *server)
{
	if (cmio_named_pipe_accept(server) == -1)
		ck_assert_int_eq(errno, EAGAIN);
}

/* A server registered as 1 and its client as 2, connected. */
static struct cmio_poll *
connected_pair(int i, struct cmio_source *server, struct cmio_source *client)
{
	struct cmio_poll *poll = open_selector(i);

	make_pair(server, client);
	accept_any(server);
	ck_assert_ok(cmio_register(poll, server, 1, R | W));
	expect_event(poll, 1, W);
	ck_assert_ok(cmio_register(poll, client, 2, R | W));
	expect_event(poll, 2, W);
	return poll;
}

/* Waits until no event comes any more. */
static void
settle(struct cmio_poll *poll)
{
	struct cmio_event event;

	while (cmio_poll_wait(poll, &event, 1, A_WHILE) != 0)
		continue;
}

static void
finish(struct cmio_poll *poll, struct cmio_source *server,
    struct cmio_source *client)
{
	ck_assert_ok(cmio_close(client));
	ck_assert_ok(cmio_close(server));
	cmio_poll_unref(poll);
}

START_TEST(both_ends_are_writable_after_register)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);

	expect_nothing(poll);
	ck_assert_ok(cmio_set_nonblocking(&server, 1));
	ck_assert_errno(cmio_set_nonblocking(&server, 0), ENOTSUP);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(what_is_written_is_read)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	char buf[10];

	ck_assert_errno(cmio_read(&client, buf, sizeof(buf)), EAGAIN);
	ck_assert_int_eq(cmio_write(&server, "1234", 4), 4);
	wait_for(poll, 2, R);
	ck_assert_int_eq(cmio_read(&client, buf, 3), 3);
	ck_assert_int_eq(cmio_read(&client, buf + 3, 7), 1);
	ck_assert_int_eq(memcmp(buf, "1234", 4), 0);
	ck_assert_errno(cmio_read(&client, buf, sizeof(buf)), EAGAIN);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(vectors_are_read_and_written_whole)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	char a[2], b[4];
	char ab[] = "ab", cdef[] = "cdef";
	struct iovec out[] = { { ab, 2 }, { cdef, 4 } };
	struct iovec in[] = { { a, 2 }, { b, 4 } };

	ck_assert_int_eq(cmio_writev(&client, out, 2), 6);
	wait_for(poll, 1, R);
	ck_assert_int_eq(cmio_readv(&server, in, 2), 6);
	ck_assert_int_eq(memcmp(a, "ab", 2), 0);
	ck_assert_int_eq(memcmp(b, "cdef", 4), 0);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(server_that_accepts_first_is_writable_when_the_client_comes)
{
	struct cmio_source server, client;
	const char *name = a_name();
	struct cmio_poll *poll = listening(_i, &server, name);

	expect_nothing(poll);
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	expect_nothing(poll);
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_register(poll, &client, 2, R));
	expect_event(poll, 1, W);
	ck_assert_ok(cmio_named_pipe_accept(&server));
	finish(poll, &server, &client);
}
END_TEST

START_TEST(server_that_accepts_last_is_connected_at_once)
{
	struct cmio_source server, client;
	const char *name = a_name();
	struct cmio_poll *poll = listening(_i, &server, name);

	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_register(poll, &client, 2, R));
	ck_assert_ok(cmio_named_pipe_accept(&server));
	expect_event(poll, 1, W);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(accept_before_register_counts)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source server, client;
	const char *name = a_name();

	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	ck_assert_ok(cmio_register(poll, &server, 1, R | W));
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	expect_event(poll, 1, W);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(writing_to_a_client_that_has_gone_is_epipe)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	static const char buf[1024];
	struct cmio_event event;
	int i;

	ck_assert_ok(cmio_close(&client));
	for (i = 0; i < 16; i++) {
		if (cmio_write(&server, buf, sizeof(buf)) == -1 &&
		    errno != EAGAIN)
			break;
		ck_assert_int_ge(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    0);
	}
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_ok(cmio_close(&server));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(data_written_before_close_is_read)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	char buf[10];

	ck_assert_int_eq(cmio_write(&client, "1234", 4), 4);
	ck_assert_ok(cmio_close(&client));
	wait_for(poll, 1, R);
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 4);
	ck_assert_int_eq(memcmp(buf, "1234", 4), 0);
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 0);
	ck_assert_ok(cmio_close(&server));
	cmio_poll_unref(poll);
}
END_TEST

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

START_TEST(server_serves_one_client_after_another)
{
	struct cmio_source server, client;
	const char *name = a_name();
	struct cmio_poll *poll = listening(_i, &server, name);
	char buf[10];

	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_named_pipe_accept(&server));
	expect_event(poll, 1, W);
	ck_assert_errno(cmio_read(&server, buf, sizeof(buf)), EAGAIN);
	ck_assert_ok(cmio_close(&client));
	wait_for(poll, 1, R | CMIO_READ_CLOSED);
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 0);
	ck_assert_ok(cmio_named_pipe_disconnect(&server));
	ck_assert_errno(cmio_read(&server, buf, sizeof(buf)), ENOTCONN);
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	expect_nothing(poll);
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	wait_for(poll, 1, W);
	ck_assert_ok(cmio_named_pipe_accept(&server));
	finish(poll, &server, &client);
}
END_TEST

START_TEST(data_of_one_client_is_not_the_next_ones)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source server, client;
	const char *name = a_name();
	char buf[10];

	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_register(poll, &server, 1, R));
	ck_assert_ok(cmio_named_pipe_accept(&server));
	ck_assert_ok(cmio_register(poll, &client, 2, W));
	ck_assert_int_eq(cmio_write(&client, "old", 3), 3);
	settle(poll);
	ck_assert_ok(cmio_named_pipe_disconnect(&server));
	ck_assert_ok(cmio_close(&client));
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_register(poll, &client, 2, W));
	ck_assert_int_eq(cmio_write(&client, "new", 3), 3);
	while (cmio_read(&server, buf, sizeof(buf)) == -1) {
		struct cmio_event event;

		ck_assert_int_eq(errno, EAGAIN);
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
	}
	ck_assert_int_eq(memcmp(buf, "new", 3), 0);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(what_is_not_registered_is_enoent)
{
	struct cmio_poll *poll = open_selector(_i), *other;
	struct cmio_source server;

	other = open_selector(_i);
	ck_assert_ok(cmio_named_pipe_listen(&server, a_name()));
	ck_assert_errno(cmio_reregister(poll, &server, 1, R), ENOENT);
	ck_assert_errno(cmio_deregister(poll, &server), ENOENT);
	ck_assert_ok(cmio_register(poll, &server, 1, R));
	ck_assert_errno(cmio_register(poll, &server, 1, R), EEXIST);
	ck_assert_errno(cmio_register(other, &server, 1, R), EEXIST);
	ck_assert_errno(cmio_reregister(other, &server, 1, R), ENOENT);
	ck_assert_errno(cmio_deregister(other, &server), ENOENT);
	ck_assert_ok(cmio_deregister(poll, &server));
	/* A handle belongs to one completion port until it is closed. */
	ck_assert_errno(cmio_register(other, &server, 1, R), EEXIST);
	ck_assert_ok(cmio_register(poll, &server, 1, R));
	ck_assert_ok(cmio_close(&server));
	ck_assert_errno(cmio_close(&server), EBADF);
	cmio_poll_unref(other);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(deregistered_pipe_is_silent_and_keeps_its_data)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	char buf[10];

	ck_assert_ok(cmio_deregister(poll, &server));
	ck_assert_int_eq(cmio_write(&client, "1234", 4), 4);
	expect_nothing(poll);
	ck_assert_ok(cmio_register(poll, &server, 3, R));
	expect_event(poll, 3, R);
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 4);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(token_is_returned_in_all_its_bits)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source server, client;

	make_pair(&server, &client);
	ck_assert_ok(cmio_register(poll, &client, UINTPTR_MAX, W));
	expect_event(poll, UINTPTR_MAX, W);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(level_and_oneshot_mean_what_they_do_elsewhere)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	char buf[10];
	int i;

	ck_assert_ok(cmio_reregister(poll, &server, 1, R | CMIO_LEVEL));
	expect_nothing(poll);
	ck_assert_int_eq(cmio_write(&client, "1234", 4), 4);
	for (i = 0; i < 3; i++)
		while (expect_event(poll, expect_event(poll, 1, 0).token,
		    0).token != 1)
			continue;
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 4);
	ck_assert_ok(cmio_reregister(poll, &client, 2, W | CMIO_ONESHOT));
	wait_for(poll, 2, W);
	expect_nothing(poll);
	finish(poll, &server, &client);
}
END_TEST

/* A server's end that transfers messages, and its client. */
static struct cmio_poll *
message_pair_of(int i, DWORD quota, struct cmio_source *server,
    struct cmio_source *client)
{
	struct cmio_poll *poll = open_selector(i);
	const char *name = a_name();
	HANDLE handle;

	handle = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX |
	    FILE_FLAG_OVERLAPPED, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
	    PIPE_UNLIMITED_INSTANCES, quota, quota, 0, NULL);
	ck_assert(handle != INVALID_HANDLE_VALUE);
	ck_assert_ok(cmio_named_pipe_from_handle(server, (cmio_fd)handle));
	ck_assert_ok(cmio_named_pipe_open(client, name));
	ck_assert_ok(cmio_register(poll, server, 1, R));
	ck_assert_ok(cmio_named_pipe_accept(server));
	ck_assert_ok(cmio_register(poll, client, 2, W));
	expect_event(poll, 2, W);
	return poll;
}

static struct cmio_poll *
message_pair(int i, struct cmio_source *server, struct cmio_source *client)
{
	return message_pair_of(i, 65536, server, client);
}

static void
read_message(struct cmio_poll *poll, struct cmio_source *server, size_t len,
    size_t step)
{
	static char buf[100000];
	struct cmio_event event;
	size_t at = 0;
	ssize_t n;

	while (at < len) {
		n = cmio_read(server, buf + at, step);
		if (n == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			ck_assert_int_eq(cmio_poll_wait(poll, &event, 1,
			    LONG_TIME), 1);
			continue;
		}
		ck_assert_int_gt(n, 0);
		at += (size_t)n;
	}
	ck_assert_uint_eq(at, len);
	for (at = 0; at < len; at++)
		ck_assert_int_eq(buf[at], (char)at);
}

/* The previous one may still be in transit. */
static void
write_message(struct cmio_poll *poll, struct cmio_source *client, size_t len)
{
	static char buf[100000];
	struct cmio_event event;
	ssize_t n;
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = (char)i;
	while ((n = cmio_write(client, buf, len)) == -1) {
		ck_assert_int_eq(errno, EAGAIN);
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
	}
	ck_assert_int_eq(n, (int)len);
}

START_TEST(message_is_read_in_parts)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = message_pair(_i, &server, &client);

	write_message(poll, &client, 8192);
	read_message(poll, &server, 8192, 4000);
	settle(poll);
	write_message(poll, &client, 10000);
	read_message(poll, &server, 10000, 128);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(message_that_was_there_before_the_read_loses_nothing)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = message_pair(_i, &server, &client);

	write_message(poll, &client, 60000);
	settle(poll);
	ck_assert_ok(cmio_deregister(poll, &server));
	ck_assert_ok(cmio_register(poll, &server, 1, R));
	wait_for(poll, 1, R);
	read_message(poll, &server, 60000, 50000);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(longest_message_is_what_the_pipe_was_made_for)
{
	static const char buf[100001];
	struct cmio_source server, client;
	struct cmio_poll *poll = message_pair(_i, &server, &client);

	ck_assert_errno(cmio_write(&client, buf, 65537), EMSGSIZE);
	write_message(poll, &client, 65536);
	read_message(poll, &server, 65536, 65536);
	finish(poll, &server, &client);
	poll = message_pair_of(_i, 100000, &server, &client);
	ck_assert_errno(cmio_write(&client, buf, 100001), EMSGSIZE);
	write_message(poll, &client, 100000);
	read_message(poll, &server, 100000, 100000);
	finish(poll, &server, &client);
	/* In byte mode as many bytes are written as fit. */
	poll = connected_pair(_i, &server, &client);
	ck_assert_int_eq(cmio_write(&client, buf, 65537), 65536);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(messages_are_not_mixed)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = message_pair(_i, &server, &client);
	char buf[10], more[10];
	struct iovec iov[] = { { buf, 2 }, { more, 10 } };

	ck_assert_int_eq(cmio_write(&client, "ab", 2), 2);
	settle(poll);
	ck_assert_int_eq(cmio_write(&client, "cd", 2), 2);
	settle(poll);
	ck_assert_int_eq(cmio_readv(&server, iov, 2), 2);
	ck_assert_int_eq(cmio_read(&server, buf, sizeof(buf)), 2);
	ck_assert_int_eq(memcmp(buf, "cd", 2), 0);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(everything_may_be_closed_in_any_order)
{
	struct cmio_source server, client, third;
	struct cmio_poll *poll;
	char buf[4];

	poll = connected_pair(_i, &server, &client);
	ck_assert_errno(cmio_read(&server, buf, 4), EAGAIN);
	cmio_poll_unref(poll);
	ck_assert_ok(cmio_close(&server));
	ck_assert_ok(cmio_close(&client));

	poll = connected_pair(_i, &server, &client);
	ck_assert_errno(cmio_read(&server, buf, 4), EAGAIN);
	ck_assert_ok(cmio_deregister(poll, &server));
	ck_assert_ok(cmio_deregister(poll, &client));
	cmio_poll_unref(poll);
	ck_assert_errno(cmio_write(&server, "x", 1), EAGAIN);
	ck_assert_ok(cmio_close(&server));
	ck_assert_ok(cmio_close(&client));

	poll = open_selector(_i);
	ck_assert_ok(cmio_named_pipe_listen(&third, a_name()));
	ck_assert_ok(cmio_register(poll, &third, 1, R | W));
	ck_assert_errno(cmio_named_pipe_accept(&third), EAGAIN);
	ck_assert_ok(cmio_close(&third));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(released_handle_is_the_programs)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	cmio_fd fd = server.fd, released;

	released = cmio_release(&server);
	ck_assert(released == fd);
	ck_assert(CloseHandle((HANDLE)released));
	wait_for(poll, 2, CMIO_READ_CLOSED);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(pipe_of_cmio_carries_bytes_and_the_end)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	char buf[10];

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_register(poll, &reader, 1, R));
	ck_assert_ok(cmio_register(poll, &writer, 2, W));
	expect_event(poll, 2, W);
	ck_assert_int_eq(cmio_write(&writer, "1234", 4), 4);
	wait_for(poll, 1, R);
	ck_assert_int_eq(cmio_read(&reader, buf, sizeof(buf)), 4);
	ck_assert_errno(cmio_read(&reader, buf, sizeof(buf)), EAGAIN);
	ck_assert_ok(cmio_close(&writer));
	wait_for(poll, 1, R | CMIO_READ_CLOSED);
	ck_assert_int_eq(cmio_read(&reader, buf, sizeof(buf)), 0);
	ck_assert_ok(cmio_close(&reader));
	cmio_poll_unref(poll);
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

static unsigned int CMIO_CALL
op_done(struct cmio_overlapped *op, unsigned long error, unsigned long bytes,
    uintptr_t *token)
{
	(void)op;
	ck_assert_uint_eq(error, 0);
	ck_assert_uint_eq(bytes, 4);
	*token = 77;
	return R;
}

START_TEST(operation_of_the_programs_own_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_overlapped op = { .done = op_done };
	struct cmio_source server, client;
	const char *name = a_name();
	char buf[4];
	HANDLE handle;
	cmio_fd fd;

	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	handle = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	fd = (cmio_fd)handle;
	ck_assert_ok(cmio_associate(poll, fd));
	ck_assert_errno(cmio_associate(poll, fd), EEXIST);
	ck_assert_errno(cmio_associate(poll, CMIO_FD_NONE), EBADF);
	ck_assert_errno(cmio_associate(NULL, fd), EINVAL);
	ck_assert(!ReadFile(handle, buf, 4, NULL, &op.overlapped));
	accept_any(&server);
	ck_assert_ok(cmio_register(poll, &server, 1, W));
	expect_event(poll, 1, W);
	ck_assert_int_eq(cmio_write(&server, "1234", 4), 4);
	wait_for(poll, 77, R);
	ck_assert_int_eq(memcmp(buf, "1234", 4), 0);
	CloseHandle(handle);
	ck_assert_ok(cmio_close(&server));
	cmio_poll_unref(poll);
	(void)client;
}
END_TEST

START_TEST(operation_on_a_released_handle_is_reported)
{
	struct cmio_overlapped op = { .done = op_done };
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	HANDLE handle;
	char buf[4];

	handle = (HANDLE)cmio_release(&server);
	settle(poll);
	ck_assert(!ReadFile(handle, buf, 4, NULL, &op.overlapped));
	ck_assert_int_eq(cmio_write(&client, "1234", 4), 4);
	for (;;) {
		struct cmio_event event;

		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		if (event.token == 77)
			break;
		ck_assert_uint_eq(event.token, 2);
	}
	CloseHandle(handle);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(handle_without_overlapped_operations_is_einval)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	const char *name = a_name();
	HANDLE ends[2];
	int i;

	ends[0] = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE,
	    1, 4096, 4096, 0, NULL);
	ends[1] = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, 0, NULL);
	for (i = 0; i < 2; i++) {
		ck_assert(ends[i] != INVALID_HANDLE_VALUE);
		ck_assert_errno(cmio_named_pipe_from_handle(&source,
		    (cmio_fd)ends[i]), EINVAL);
		ck_assert_errno(cmio_associate(poll, (cmio_fd)ends[i]),
		    EINVAL);
		/* The handle does not belong to the source. */
		ck_assert(CloseHandle(ends[i]));
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(name_has_one_listener)
{
	struct cmio_source server, other;
	const char *name = a_name();

	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	ck_assert_errno(cmio_named_pipe_listen(&other, name), EACCES);
	ck_assert_ok(cmio_close(&server));
}
END_TEST

START_TEST(names_are_utf8_and_wrong_ones_are_refused)
{
	struct cmio_source server, client;
	char name[100], huge[2000];

	snprintf(name, sizeof(name), "%s-\xc3\xa4\xe2\x82\xac", a_name());
	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	ck_assert_ok(cmio_named_pipe_open(&client, name));
	ck_assert_ok(cmio_close(&client));
	ck_assert_ok(cmio_close(&server));
	ck_assert_errno(cmio_named_pipe_open(&client, name), ENOENT);
	ck_assert_errno(cmio_named_pipe_open(&client, "\xff\xfe"), EILSEQ);
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	ck_assert_errno(cmio_named_pipe_open(&client, huge), ENAMETOOLONG);
	ck_assert_errno(cmio_named_pipe_open(&client, NULL), EINVAL);
	ck_assert_errno(cmio_named_pipe_listen(NULL, name), EINVAL);
	ck_assert_errno(cmio_named_pipe_accept(NULL), EINVAL);
	ck_assert_errno(cmio_named_pipe_disconnect(NULL), EINVAL);
	ck_assert_errno(cmio_named_pipe_flush(NULL), EINVAL);
	ck_assert_errno(cmio_set_exclusiveaddruse(NULL, 1), EINVAL);
	ck_assert_errno(cmio_exclusiveaddruse(NULL), EINVAL);
	/* The last that failed, by whatever runtime. */
	ck_assert_int_eq(cmio_errno(), EINVAL);
	ck_assert_errno(cmio_named_pipe_from_handle(&client, CMIO_FD_NONE),
	    EBADF);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(both_ends_are_writable_after_register),
	EACH_SELECTOR(what_is_written_is_read),
	EACH_SELECTOR(vectors_are_read_and_written_whole),
	EACH_SELECTOR(
	    server_that_accepts_first_is_writable_when_the_client_comes),
	EACH_SELECTOR(server_that_accepts_last_is_connected_at_once),
	EACH_SELECTOR(accept_before_register_counts),
	EACH_SELECTOR(writing_to_a_client_that_has_gone_is_epipe),
	EACH_SELECTOR(data_written_before_close_is_read),
	EACH_SELECTOR(write_under_way_survives_close),
	EACH_SELECTOR(write_under_way_survives_close_and_the_poll),
	EACH_SELECTOR(write_under_way_survives_the_poll_and_close),
	EACH_SELECTOR(write_that_nobody_reads_keeps_nothing),
	EACH_SELECTOR(server_serves_one_client_after_another),
	EACH_SELECTOR(data_of_one_client_is_not_the_next_ones),
	EACH_SELECTOR(what_is_not_registered_is_enoent),
	EACH_SELECTOR(deregistered_pipe_is_silent_and_keeps_its_data),
	EACH_SELECTOR(token_is_returned_in_all_its_bits),
	EACH_SELECTOR(level_and_oneshot_mean_what_they_do_elsewhere),
	EACH_SELECTOR(message_is_read_in_parts),
	EACH_SELECTOR(message_that_was_there_before_the_read_loses_nothing),
	EACH_SELECTOR(longest_message_is_what_the_pipe_was_made_for),
	EACH_SELECTOR(messages_are_not_mixed),
	EACH_SELECTOR(everything_may_be_closed_in_any_order),
	EACH_SELECTOR(released_handle_is_the_programs),
	EACH_SELECTOR(pipe_of_cmio_carries_bytes_and_the_end),
	EACH_SELECTOR(what_is_written_survives_its_poll_and_its_source),
	EACH_SELECTOR(operation_of_the_programs_own_is_reported),
	EACH_SELECTOR(operation_on_a_released_handle_is_reported),
	EACH_SELECTOR(handle_without_overlapped_operations_is_einval),
	ONCE(name_has_one_listener),
	ONCE(names_are_utf8_and_wrong_ones_are_refused),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "named_pipe", tests);
}
