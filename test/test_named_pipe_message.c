/* SPDX-License-Identifier: MIT */
/* Named pipes that transfer messages. */
#include "named_pipes.h"

#include <string.h>

#include <cmio/windows.h>

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

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

static const struct test tests[] = {
	EACH_SELECTOR(message_is_read_in_parts),
	EACH_SELECTOR(message_that_was_there_before_the_read_loses_nothing),
	EACH_SELECTOR(longest_message_is_what_the_pipe_was_made_for),
	EACH_SELECTOR(messages_are_not_mixed),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "named_pipe_message", tests);
}
