/* SPDX-License-Identifier: MIT */
/*
 * AF_UNIX streams with paths, which Windows may have too, and the errors of
 * systems without AF_UNIX.  What only Unix has is in test_unix_*.c.
 */
#include "sockets.h"

#include <stdio.h>
#include <unistd.h>

enum { LISTENER = 7, CLIENT = 9 };

/* Whether the system has AF_UNIX; if not, all calls fail in the same way. */
static bool
has_unix(const struct cmio_addr *addr)
{
	struct cmio_source source = CMIO_SOURCE(CMIO_FD_NONE);

	if (cmio_socket(&source, AF_UNIX, SOCK_STREAM, 0) == 0) {
		ck_assert_ok(cmio_close(&source));
		return true;
	}
	ck_assert_int_eq(errno, EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_listen(&source, addr), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_connect(&source, addr), EAFNOSUPPORT);
	ck_assert(source.fd == CMIO_FD_NONE);
	return false;
}

static void
talk(struct cmio_poll *poll, struct cmio_source *client,
    struct cmio_source *stream)
{
	char byte;

	ck_assert_ok(cmio_register(poll, client, CLIENT, CMIO_READABLE));
	expect_would_block(cmio_read(client, &byte, 1));
	write_text(stream, "hello");
	wait_for(poll, CLIENT, CMIO_READABLE);
	expect_bytes(client, "hello");
	expect_would_block(cmio_read(client, &byte, 1));
	ck_assert_ok(cmio_close(stream));
	wait_for(poll, CLIENT, CMIO_READABLE);
	ck_assert_int_eq(cmio_read(client, &byte, 1), 0);
	ck_assert_ok(cmio_close(client));
}

START_TEST(listener_with_a_path_is_connected_to)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr, name;
	struct temp temp;
	bool there;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	there = has_unix(&addr);
	if (there) {
		ck_assert_ok(cmio_unix_listen(&listener, &addr));
		name = local_address(&listener);
		check_same_address(&name, &addr);
		ck_assert_ok(cmio_register(poll, &listener, LISTENER,
		    CMIO_READABLE));
		ck_assert_ok(cmio_unix_connect(&client, &addr));
		wait_for(poll, LISTENER, CMIO_READABLE);
		ck_assert_ok(cmio_accept(&listener, &stream, NULL));
		ck_assert_ok(cmio_close(&listener));
		talk(poll, &client, &stream);
	}
	cmio_poll_unref(poll);
	remove_temp(&temp);
	if (!there)
		skip("there is no AF_UNIX, and each function has said so");
}
END_TEST

START_TEST(wrong_arguments_are_told_whatever_there_is)
{
	struct cmio_source source, pair[2];
	struct cmio_addr wrong = address("127.0.0.1:0");

	ck_assert_errno(cmio_unix_listen(&source, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_connect(&source, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_listen(&source, NULL), EINVAL);
	ck_assert_errno(cmio_unix_connect(&source, NULL), EINVAL);
	ck_assert_errno(cmio_unix_pair(NULL, SOCK_STREAM), EINVAL);
	ck_assert_int_eq(cmio_unix_pair(pair, 9999), -1);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(listener_with_a_path_is_connected_to),
	ONCE(wrong_arguments_are_told_whatever_there_is),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "unix_path", tests);
}
