/* SPDX-License-Identifier: MIT */
/* Named pipes: connections, data, and registrations. */
#include "named_pipes.h"

#include <stdio.h>
#include <string.h>

#include <cmio/windows.h>

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

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
	EACH_SELECTOR(server_serves_one_client_after_another),
	EACH_SELECTOR(data_of_one_client_is_not_the_next_ones),
	EACH_SELECTOR(what_is_not_registered_is_enoent),
	EACH_SELECTOR(deregistered_pipe_is_silent_and_keeps_its_data),
	EACH_SELECTOR(token_is_returned_in_all_its_bits),
	EACH_SELECTOR(level_and_oneshot_mean_what_they_do_elsewhere),
	EACH_SELECTOR(everything_may_be_closed_in_any_order),
	EACH_SELECTOR(pipe_of_cmio_carries_bytes_and_the_end),
	ONCE(name_has_one_listener),
	ONCE(names_are_utf8_and_wrong_ones_are_refused),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "named_pipe", tests);
}
