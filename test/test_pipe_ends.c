/* SPDX-License-Identifier: MIT */
/* Ends of named pipes that have one direction, cmio_pipe(), and flushing. */
#include "named_pipes.h"

#include <string.h>

#include <cmio/windows.h>

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };
enum {
	READ_CLOSED = CMIO_READ_CLOSED,
	WRITE_CLOSED = CMIO_WRITE_CLOSED,
	CLOSED = READ_CLOSED | WRITE_CLOSED
};

static HANDLE
server_end(const char *name, DWORD access, DWORD type)
{
	HANDLE handle;

	handle = CreateNamedPipeA(name, access | FILE_FLAG_OVERLAPPED, type,
	    1, 65536, 65536, 0, NULL);
	ck_assert(handle != INVALID_HANDLE_VALUE);
	return handle;
}

static HANDLE
client_end(const char *name, DWORD access)
{
	HANDLE handle;

	handle = CreateFileA(name, access, 0, NULL, OPEN_EXISTING,
	    FILE_FLAG_OVERLAPPED, NULL);
	ck_assert(handle != INVALID_HANDLE_VALUE);
	return handle;
}

static void
take(struct cmio_source *source, HANDLE handle)
{
	ck_assert_ok(cmio_named_pipe_from_handle(source, (cmio_fd)handle));
}

/* One end sends and the other receives; each was made for that alone. */
static void
one_way(bool server_sends, struct cmio_source *sender,
    struct cmio_source *receiver)
{
	const char *name = a_name();
	HANDLE server, client;

	server = server_end(name, server_sends ? PIPE_ACCESS_OUTBOUND :
	    PIPE_ACCESS_INBOUND, PIPE_TYPE_BYTE);
	client = client_end(name, server_sends ? GENERIC_READ :
	    GENERIC_WRITE | FILE_READ_ATTRIBUTES);
	take(sender, server_sends ? server : client);
	take(receiver, server_sends ? client : server);
}

/* The sender as 1 and the receiver as 2, for whatever can be asked for. */
static struct cmio_poll *
watched(int i, struct cmio_source *sender, struct cmio_source *receiver)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_register(poll, sender, 1, R | W));
	ck_assert_ok(cmio_register(poll, receiver, 2, R | W));
	return poll;
}

START_TEST(open_ends_of_one_way_are_not_closed)
{
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;
	int way;

	for (way = 0; way < 2; way++) {
		one_way(way, &sender, &receiver);
		poll = watched(_i, &sender, &receiver);
		ck_assert_uint_eq(expect_event(poll, 1, W).ready, W);
		expect_nothing(poll);
		finish(poll, &sender, &receiver);
	}
}
END_TEST

START_TEST(bytes_go_one_way)
{
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;
	char buf[10];
	int way;

	for (way = 0; way < 2; way++) {
		one_way(way, &sender, &receiver);
		poll = watched(_i, &sender, &receiver);
		expect_event(poll, 1, W);
		ck_assert_int_eq(cmio_write(&sender, "1234", 4), 4);
		ck_assert_uint_eq(wait_for(poll, 2, R), R);
		ck_assert_int_eq(cmio_read(&receiver, buf, sizeof(buf)), 4);
		ck_assert_errno(cmio_read(&receiver, buf, sizeof(buf)),
		    EAGAIN);
		ck_assert_errno(cmio_read(&sender, buf, sizeof(buf)), EBADF);
		ck_assert_errno(cmio_write(&receiver, "x", 1), EBADF);
		finish(poll, &sender, &receiver);
	}
}
END_TEST

START_TEST(sender_that_closes_ends_reading_alone)
{
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;
	char buf[10];
	int way;

	for (way = 0; way < 2; way++) {
		one_way(way, &sender, &receiver);
		poll = watched(_i, &sender, &receiver);
		expect_event(poll, 1, W);
		ck_assert_int_eq(cmio_write(&sender, "1234", 4), 4);
		ck_assert_ok(cmio_close(&sender));
		wait_for(poll, 2, R);
		ck_assert_int_eq(cmio_read(&receiver, buf, sizeof(buf)), 4);
		if (cmio_read(&receiver, buf, sizeof(buf)) == -1)
			ck_assert_uint_eq(wait_for(poll, 2, R | READ_CLOSED) &
			    (W | CLOSED), READ_CLOSED);
		ck_assert_int_eq(cmio_read(&receiver, buf, sizeof(buf)), 0);
		ck_assert_ok(cmio_close(&receiver));
		cmio_poll_unref(poll);
	}
}
END_TEST

START_TEST(receiver_that_closes_ends_writing_alone)
{
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;
	int way;

	for (way = 0; way < 2; way++) {
		one_way(way, &sender, &receiver);
		poll = watched(_i, &sender, &receiver);
		expect_event(poll, 1, W);
		ck_assert_ok(cmio_close(&receiver));
		if (cmio_write(&sender, "x", 1) == 1)
			ck_assert_uint_eq(wait_for(poll, 1, WRITE_CLOSED) &
			    (R | CLOSED), WRITE_CLOSED);
		ck_assert_errno(cmio_write(&sender, "x", 1), EPIPE);
		ck_assert_ok(cmio_close(&sender));
		cmio_poll_unref(poll);
	}
}
END_TEST

START_TEST(server_that_reads_is_readable_when_the_client_comes)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source server, client;
	const char *name = a_name();
	char byte;

	take(&server, server_end(name, PIPE_ACCESS_INBOUND, PIPE_TYPE_BYTE));
	ck_assert_ok(cmio_register(poll, &server, 1, R | W));
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	expect_nothing(poll);
	take(&client, client_end(name, GENERIC_WRITE));
	ck_assert_uint_eq(expect_event(poll, 1, R).ready, R);
	ck_assert_ok(cmio_named_pipe_accept(&server));
	ck_assert_errno(cmio_read(&server, &byte, 1), EAGAIN);
	expect_nothing(poll);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(server_that_writes_is_writable_when_the_client_comes)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source server, client;
	const char *name = a_name();

	take(&server, server_end(name, PIPE_ACCESS_OUTBOUND, PIPE_TYPE_BYTE));
	ck_assert_ok(cmio_register(poll, &server, 1, R | W));
	expect_nothing(poll);
	ck_assert_errno(cmio_write(&server, "x", 1), ENOTCONN);
	ck_assert_errno(cmio_named_pipe_accept(&server), EAGAIN);
	ck_assert_errno(cmio_write(&server, "x", 1), EAGAIN);
	take(&client, client_end(name, GENERIC_READ));
	ck_assert_uint_eq(expect_event(poll, 1, W).ready, W);
	ck_assert_int_eq(cmio_write(&server, "x", 1), 1);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(server_that_writes_messages_keeps_them_whole)
{
	static const char buf[65537];
	struct cmio_source server, client;
	const char *name = a_name();
	struct cmio_poll *poll;
	HANDLE handle;

	handle = server_end(name, PIPE_ACCESS_OUTBOUND, PIPE_TYPE_MESSAGE);
	take(&client, client_end(name, GENERIC_READ));
	take(&server, handle);
	ck_assert_ok(cmio_named_pipe_accept(&server));
	poll = watched(_i, &server, &client);
	ck_assert_errno(cmio_write(&server, buf, 65537), EMSGSIZE);
	ck_assert_int_eq(cmio_write(&server, buf, 65536), 65536);
	finish(poll, &server, &client);
	one_way(true, &server, &client);
	poll = watched(_i, &server, &client);
	ck_assert_int_eq(cmio_write(&server, buf, 65537), 65536);
	finish(poll, &server, &client);
}
END_TEST

START_TEST(handle_without_a_direction_is_eacces)
{
	struct cmio_source source;
	const char *name = a_name();
	HANDLE server, client;

	server = server_end(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE);
	client = client_end(name, FILE_READ_ATTRIBUTES | SYNCHRONIZE);
	ck_assert_errno(cmio_named_pipe_from_handle(&source, (cmio_fd)client),
	    EACCES);
	CloseHandle(client);
	CloseHandle(server);
}
END_TEST

START_TEST(ends_of_cmio_pipe_have_one_direction_each)
{
	struct cmio_source reader, writer;
	struct cmio_poll *poll;
	OVERLAPPED overlapped = { 0 };
	DWORD error, instances;
	BOOL done;
	char byte;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	poll = watched(_i, &writer, &reader);
	ck_assert_uint_eq(expect_event(poll, 1, W).ready, W);
	expect_nothing(poll);
	ck_assert_errno(cmio_write(&reader, "x", 1), EBADF);
	ck_assert_errno(cmio_read(&writer, &byte, 1), EBADF);
	done = WriteFile((HANDLE)reader.fd, "x", 1, NULL, &overlapped);
	error = GetLastError();
	ck_assert(!done && error == ERROR_ACCESS_DENIED);
	done = ReadFile((HANDLE)writer.fd, &byte, 1, NULL, &overlapped);
	error = GetLastError();
	ck_assert(!done && error == ERROR_ACCESS_DENIED);
	ck_assert(GetNamedPipeInfo((HANDLE)reader.fd, NULL, NULL, NULL,
	    &instances));
	ck_assert_uint_eq(instances, 1);
	finish(poll, &reader, &writer);
}
END_TEST

START_TEST(writer_of_cmio_pipe_learns_that_the_reader_closed)
{
	struct cmio_source reader, writer;
	struct cmio_poll *poll;
	cmio_fd fd;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	poll = watched(_i, &writer, &reader);
	expect_event(poll, 1, W);
	ck_assert_ok(cmio_close(&reader));
	ck_assert_uint_eq(wait_for(poll, 1, WRITE_CLOSED) & (R | CLOSED),
	    WRITE_CLOSED);
	ck_assert_errno(cmio_write(&writer, "x", 1), EPIPE);
	/* What is given away is all there is of it. */
	fd = cmio_release(&writer);
	ck_assert(CloseHandle((HANDLE)fd));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reader_of_cmio_pipe_learns_that_a_released_writer_closed)
{
	struct cmio_source reader, writer;
	struct cmio_poll *poll;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	poll = watched(_i, &writer, &reader);
	expect_event(poll, 1, W);
	ck_assert(CloseHandle((HANDLE)cmio_release(&writer)));
	ck_assert_uint_eq(wait_for(poll, 2, READ_CLOSED) & (W | CLOSED),
	    READ_CLOSED);
	ck_assert_ok(cmio_close(&reader));
	cmio_poll_unref(poll);
}
END_TEST

/* More than the kernel keeps. */
static size_t
write_much(struct cmio_poll *poll, struct cmio_source *sender)
{
	static const char buf[65536];
	struct cmio_event event;
	size_t written = 0;
	ssize_t n;

	while ((n = cmio_write(sender, buf, sizeof(buf))) != -1) {
		written += (size_t)n;
		cmio_poll_wait(poll, &event, 1, A_WHILE);
	}
	ck_assert_int_eq(errno, EAGAIN);
	return written;
}

START_TEST(flush_says_when_the_kernel_has_all)
{
	static char buf[65536];
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;
	size_t written, got = 0;
	ssize_t n;

	one_way(false, &sender, &receiver);
	poll = open_selector(_i);
	ck_assert_ok(cmio_register(poll, &sender, 1, W));
	ck_assert_ok(cmio_named_pipe_flush(&sender));
	written = write_much(poll, &sender);
	ck_assert_errno(cmio_named_pipe_flush(&sender), EAGAIN);
	expect_nothing(poll);
	while (cmio_named_pipe_flush(&sender) == -1) {
		ck_assert_int_eq(errno, EAGAIN);
		n = cmio_read(&receiver, buf, sizeof(buf));
		ck_assert_int_gt(n, 0);
		got += (size_t)n;
		wait_for(poll, 1, W);
	}
	ck_assert_ok(cmio_close(&sender));
	while ((n = cmio_read(&receiver, buf, sizeof(buf))) > 0)
		got += (size_t)n;
	ck_assert_uint_eq(got, written);
	ck_assert_ok(cmio_close(&receiver));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(flush_says_that_the_write_failed)
{
	struct cmio_source sender, receiver;
	struct cmio_poll *poll;

	one_way(false, &sender, &receiver);
	poll = open_selector(_i);
	ck_assert_ok(cmio_register(poll, &sender, 1, W));
	write_much(poll, &sender);
	ck_assert_ok(cmio_close(&receiver));
	wait_for(poll, 1, WRITE_CLOSED | CMIO_ERROR);
	ck_assert_errno(cmio_named_pipe_flush(&sender), EPIPE);
	ck_assert_ok(cmio_close(&sender));
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(open_ends_of_one_way_are_not_closed),
	EACH_SELECTOR(bytes_go_one_way),
	EACH_SELECTOR(sender_that_closes_ends_reading_alone),
	EACH_SELECTOR(receiver_that_closes_ends_writing_alone),
	EACH_SELECTOR(server_that_reads_is_readable_when_the_client_comes),
	EACH_SELECTOR(server_that_writes_is_writable_when_the_client_comes),
	EACH_SELECTOR(server_that_writes_messages_keeps_them_whole),
	ONCE(handle_without_a_direction_is_eacces),
	EACH_SELECTOR(ends_of_cmio_pipe_have_one_direction_each),
	EACH_SELECTOR(writer_of_cmio_pipe_learns_that_the_reader_closed),
	EACH_SELECTOR(reader_of_cmio_pipe_learns_that_a_released_writer_closed),
	EACH_SELECTOR(flush_says_when_the_kernel_has_all),
	EACH_SELECTOR(flush_says_that_the_write_failed),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "pipe_ends", tests);
}
