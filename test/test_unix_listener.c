/* SPDX-License-Identifier: MIT */
/* AF_UNIX listeners: cmio_unix_listen(3). */
#include "sockets.h"

#include <sys/stat.h>

#include <stdio.h>
#include <unistd.h>

enum { LISTENER = 7 };

static void
smoke(int selector, const struct cmio_addr *addr)
{
	struct cmio_poll *poll = open_selector(selector);
	struct cmio_source listener, client, stream;
	struct cmio_addr name, peer;
	int i;

	ck_assert_ok(cmio_unix_listen(&listener, addr));
	check_flags(&listener);
	name = local_address(&listener);
	check_same_address(&name, addr);
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	expect_nothing(poll);
	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_unix_connect(&client, addr));
		wait_for(poll, LISTENER, CMIO_READABLE);
		ck_assert_ok(cmio_accept(&listener, &stream, &peer));
		check_flags(&stream);
		/* The peer has no name; the stream has the listener's. */
		ck_assert_ptr_null(cmio_addr_unix_name(&peer, NULL));
		ck_assert_uint_eq(peer.len, 0);
		ck_assert_int_eq(peer.ss.ss_family, AF_UNSPEC);
		name = local_address(&stream);
		check_same_address(&name, addr);
		expect_would_block(cmio_accept(&listener, &stream, &peer));
		close_sources(&client, &stream);
		expect_nothing(poll);
	}
	ck_assert_int_eq(cmio_take_error(&listener), 0);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}

START_TEST(each_connection_after_eagain_is_an_event)
{
	struct cmio_addr addr;
	struct temp temp;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	smoke(_i, &addr);
	remove_temp(&temp);
}
END_TEST

START_TEST(abstract_listener_is_a_listener)
{
	struct cmio_addr addr;
	char name[100] = "";

	if (cmio_addr_unix(&addr, name, 1) == -1)
		skip("abstract names are ENOTSUP here");
	snprintf(name + 1, sizeof(name) - 1, "cmio test %ld %d",
	    (long)getpid(), _i);
	ck_assert_ok(cmio_addr_unix(&addr, name, strlen(name + 1) + 1));
	smoke(_i, &addr);
}
END_TEST

START_TEST(peer_with_a_name_is_known_by_it)
{
	struct cmio_source listener, client, stream;
	struct cmio_addr addr, own, peer;
	struct temp temp;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	own = path_address(&temp, 1);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_socket(&client, AF_UNIX, SOCK_STREAM, 0));
	ck_assert_ok(cmio_bind(&client, &own));
	ck_assert_ok(cmio_connect(&client, &addr));
	await(&listener, CMIO_READABLE);
	ck_assert_ok(cmio_accept(&listener, &stream, &peer));
	check_same_address(&peer, &own);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	remove_temp(&temp);
}
END_TEST

/*
 * The longest path that can be bound.  Some kernels return it without a NUL,
 * or longer; OpenBSD does not take one without a NUL.
 */
START_TEST(longest_path_is_returned_whole)
{
	struct cmio_source listener, client, stream;
	struct cmio_addr addr, name;
	char path[200], was[200];
	size_t most = 200;
	struct temp temp;

	make_temp(&temp);
	ck_assert_ptr_nonnull(getcwd(was, sizeof(was)));
	ck_assert_ok(chdir(temp.dir));
	memset(path, 'p', sizeof(path));
	while (cmio_addr_unix(&addr, path, most) == -1)
		most--;
	if (cmio_unix_listen(&listener, &addr) == -1) {
		ck_assert_int_eq(errno, EINVAL);
		ck_assert_ok(cmio_addr_unix(&addr, path, --most));
		ck_assert_ok(cmio_unix_listen(&listener, &addr));
	}
	path[most] = '\0';
	name = local_address(&listener);
	check_same_address(&name, &addr);
	ck_assert_ok(cmio_unix_connect(&client, &name));
	ck_assert_ok(cmio_peer_addr(&client, &name));
	check_same_address(&name, &addr);
	accept_one(&listener, &stream);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	unlink(path);
	ck_assert_ok(chdir(was));
	remove_temp(&temp);
}
END_TEST

START_TEST(path_is_not_unlinked_before_or_afterwards)
{
	struct cmio_source listener, other = CMIO_SOURCE(-5);
	struct cmio_addr addr;
	struct stat st;
	struct temp temp;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_errno(cmio_unix_listen(&other, &addr), EADDRINUSE);
	ck_assert_ok(cmio_close(&listener));
	ck_assert_ok(stat(temp.path[0], &st));
	ck_assert_errno(cmio_unix_listen(&other, &addr), EADDRINUSE);
	ck_assert(other.fd == (cmio_fd)-5);
	remove_temp(&temp);
}
END_TEST

START_TEST(listener_for_writing_is_silent_until_reregistered)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr;
	struct temp temp;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_register(poll, &listener, 1, CMIO_WRITABLE));
	ck_assert_ok(cmio_unix_connect(&client, &addr));
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &listener, 2, CMIO_READABLE));
	wait_for(poll, 2, CMIO_READABLE);
	ck_assert_ok(cmio_deregister(poll, &listener));
	accept_one(&listener, &stream);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_unix_connect(&client, &addr));
	expect_nothing(poll);
	close_sources(&client, &listener);
	cmio_poll_unref(poll);
	remove_temp(&temp);
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source listener;
	struct cmio_addr addr = address("unix:/no such folder/x");
	struct cmio_addr wrong = address("127.0.0.1:0");

	ck_assert_errno(cmio_unix_listen(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_unix_listen(&listener, NULL), EINVAL);
	ck_assert_errno(cmio_unix_listen(&listener, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_unix_listen(&listener, &addr), ENOENT);
	addr.len = sizeof(addr.ss) + 1;
	ck_assert_errno(cmio_unix_listen(&listener, &addr), EINVAL);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(each_connection_after_eagain_is_an_event),
	EACH_SELECTOR(abstract_listener_is_a_listener),
	ONCE(peer_with_a_name_is_known_by_it),
	ONCE(longest_path_is_returned_whole),
	ONCE(path_is_not_unlinked_before_or_afterwards),
	EACH_SELECTOR(listener_for_writing_is_silent_until_reregistered),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "unix_listener", tests);
}
