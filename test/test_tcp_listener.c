/* SPDX-License-Identifier: MIT */
/* TCP listeners: cmio_tcp_listen(3), cmio_accept(3). */
#include "sockets.h"

#include <sys/resource.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LISTENER = 7, MANY = 64 };

static void
smoke(int selector, const char *on)
{
	struct cmio_poll *poll = open_selector(selector);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = address(on), peer, name;

	ck_assert_ok(cmio_tcp_listen(&listener, &addr));
	check_flags(&listener);
	addr = local_address(&listener);
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	expect_nothing(poll);
	expect_would_block(cmio_accept(&listener, &stream, NULL));

	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	check_flags(&client);
	wait_for(poll, LISTENER, CMIO_READABLE);
	ck_assert_ok(cmio_accept(&listener, &stream, &peer));
	check_flags(&stream);
	name = local_address(&client);
	check_same_address(&peer, &name);
	expect_would_block(cmio_accept(&listener, &stream, &peer));
	ck_assert_int_eq(cmio_take_error(&listener), 0);

	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}

START_TEST(connection_makes_listener_readable)
{
	smoke(_i, "127.0.0.1:0");
}
END_TEST

START_TEST(connection_makes_ipv6_listener_readable)
{
	if (!has_ipv6())
		skip("there is no ::1");
	smoke(_i, "[::1]:0");
}
END_TEST

START_TEST(each_connection_after_eagain_is_an_event)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = tcp_listen(&listener);
	int i;

	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	for (i = 0; i < 3; i++) {
		ck_assert_ok(cmio_tcp_connect(&client, &addr));
		wait_for(poll, LISTENER, CMIO_READABLE);
		ck_assert_ok(cmio_accept(&listener, &stream, NULL));
		expect_would_block(cmio_accept(&listener, &stream, NULL));
		close_sources(&client, &stream);
		expect_nothing(poll);
	}
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(closed_listener_is_silent)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener;

	tcp_listen(&listener);
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	ck_assert_ok(cmio_close(&listener));
	expect_nothing(poll);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(listener_for_writing_is_silent_until_reregistered)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_ok(cmio_register(poll, &listener, 1, CMIO_WRITABLE));
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &listener, 2, CMIO_READABLE));
	wait_for(poll, 2, CMIO_READABLE);
	ck_assert_ok(cmio_accept(&listener, &stream, NULL));
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(deregistered_listener_is_silent_and_accepts)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_ok(cmio_register(poll, &listener, 1, CMIO_READABLE));
	ck_assert_ok(cmio_deregister(poll, &listener));
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	expect_nothing(poll);
	accept_one(&listener, &stream);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(second_listener_on_an_address_is_eaddrinuse)
{
	struct cmio_source listener, other = CMIO_SOURCE(-5);
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_errno(cmio_tcp_listen(&other, &addr), EADDRINUSE);
	ck_assert(other.fd == (cmio_fd)-5);
	ck_assert_ptr_null(other.state);
	ck_assert_ok(cmio_close(&listener));
}
END_TEST

START_TEST(listener_may_have_an_address_again_at_once)
{
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_int_eq(cmio_reuseaddr(&listener), 1);
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	accept_one(&listener, &stream);
	/* The end that closes first has to wait (TIME_WAIT). */
	ck_assert_ok(cmio_close(&stream));
	close_sources(&listener, &client);
	ck_assert_ok(cmio_tcp_listen(&listener, &addr));
	ck_assert_ok(cmio_close(&listener));
}
END_TEST

START_TEST(listener_is_made_step_by_step_with_any_backlog)
{
	static const int backlogs[] = { -1, 0, 1, 1000000000 };
	struct cmio_source listener, client, stream;
	struct cmio_addr addr;
	size_t i;

	for (i = 0; i < sizeof(backlogs) / sizeof(*backlogs); i++) {
		addr = address("127.0.0.1:0");
		ck_assert_ok(cmio_socket(&listener, AF_INET, SOCK_STREAM, 0));
		check_flags(&listener);
		ck_assert_ok(cmio_bind(&listener, &addr));
		ck_assert_ok(cmio_listen(&listener, backlogs[i]));
		addr = local_address(&listener);
		ck_assert_ok(cmio_tcp_connect(&client, &addr));
		accept_one(&listener, &stream);
		close_sources(&client, &stream);
		ck_assert_ok(cmio_close(&listener));
	}
}
END_TEST

/* A kernel's queue with backlog 0 would hold one or two. */
START_TEST(backlog_of_0_is_a_long_queue)
{
	struct cmio_source listener, clients[20], stream;
	struct cmio_addr addr = tcp_listen(&listener);
	int i;

	for (i = 0; i < 20; i++) {
		ck_assert_ok(cmio_tcp_connect(&clients[i], &addr));
		await(&clients[i], CMIO_WRITABLE);
		ck_assert_ok(cmio_finish_connect(&clients[i]));
	}
	for (i = 0; i < 20; i++) {
		accept_one(&listener, &stream);
		close_sources(&stream, &clients[i]);
	}
	ck_assert_ok(cmio_close(&listener));
}
END_TEST

START_TEST(listening_is_seen_by_a_poll_that_saw_the_socket_before)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source listener, client, stream;
	struct cmio_addr addr = address("127.0.0.1:0");
	struct cmio_event event;

	ck_assert_ok(cmio_socket(&listener, AF_INET, SOCK_STREAM, 0));
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	/* Linux reports a hang-up for a socket that does not listen yet. */
	ck_assert_ok(cmio_poll_wait(poll, &event, 1, 0));
	ck_assert_ok(cmio_bind(&listener, &addr));
	ck_assert_ok(cmio_listen(&listener, 0));
	/* NetBSD decides at registration what a kqueue waits for. */
	if (is_kqueue(_i)) {
		ck_assert_ok(cmio_deregister(poll, &listener));
		ck_assert_ok(cmio_register(poll, &listener, LISTENER,
		    CMIO_READABLE));
	}
	addr = local_address(&listener);
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	wait_for(poll, LISTENER, CMIO_READABLE);
	while (cmio_accept(&listener, &stream, NULL) == -1)
		wait_for(poll, LISTENER, CMIO_READABLE);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

/* Opens descriptors until none is left; returns their number. */
static int
take_all(int *fds, int most)
{
	int n = 0;

	while (n < most && (fds[n] = fcntl(0, F_DUPFD, 0)) != -1)
		n++;
	return n;
}

START_TEST(accept_without_descriptors_may_be_tried_again)
{
	const char *runner = getenv("CMIO_RUNNER");
	struct cmio_poll *poll;
	struct cmio_source listener, client, stream = CMIO_SOURCE(-5);
	struct cmio_addr addr;
	struct rlimit limit, less;
	int fds[MANY], i, n;

	if (runner != NULL && strstr(runner, "valgrind") != NULL)
		skip("valgrind looks at the limit after the accept");
	poll = open_selector(_i);
	addr = tcp_listen(&listener);
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	wait_for(poll, LISTENER, CMIO_READABLE);
	ck_assert_ok(getrlimit(RLIMIT_NOFILE, &limit));
	less = limit;
	less.rlim_cur = (rlim_t)client.fd + 10;
	ck_assert_ok(setrlimit(RLIMIT_NOFILE, &less));
	n = take_all(fds, MANY);
	errno = 0;
	i = cmio_accept(&listener, &stream, NULL);
	ck_assert_int_eq(i, -1);
	ck_assert_int_eq(errno, EMFILE);
	ck_assert(stream.fd == (cmio_fd)-5);
	for (i = 0; i < n; i++)
		close(fds[i]);
	ck_assert_ok(setrlimit(RLIMIT_NOFILE, &limit));

	/* The connection waits, and reregistering reports it. */
	ck_assert_ok(cmio_reregister(poll, &listener, LISTENER,
	    CMIO_READABLE));
	wait_for(poll, LISTENER, CMIO_READABLE);
	ck_assert_ok(cmio_accept(&listener, &stream, NULL));
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(listener_from_elsewhere_serves_as_well)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source made, listener, client, stream;
	struct cmio_addr addr = tcp_listen(&made), again;

	cmio_source_init(&listener, cmio_release(&made));
	again = local_address(&listener);
	check_same_address(&addr, &again);
	ck_assert_ok(cmio_register(poll, &listener, LISTENER, CMIO_READABLE));
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	wait_for(poll, LISTENER, CMIO_READABLE);
	ck_assert_ok(cmio_accept(&listener, &stream, NULL));
	check_flags(&stream);
	close_sources(&client, &stream);
	ck_assert_ok(cmio_close(&listener));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source listener, stream, none = CMIO_SOURCE(-1);
	struct cmio_addr addr = address("127.0.0.1:0"), wrong = addr;

	ck_assert_errno(cmio_tcp_listen(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_tcp_listen(&listener, NULL), EINVAL);
	wrong.len = sizeof(wrong.ss) + 1;
	ck_assert_errno(cmio_tcp_listen(&listener, &wrong), EINVAL);
	wrong.len = 0;
	ck_assert_errno(cmio_tcp_listen(&listener, &wrong), EINVAL);
	wrong.len = 3;
	ck_assert_errno(cmio_tcp_listen(&listener, &wrong), EINVAL);
	wrong = address("unix:/nowhere");
	ck_assert_errno(cmio_tcp_listen(&listener, &wrong), EAFNOSUPPORT);
	ck_assert_errno(cmio_socket(NULL, AF_INET, SOCK_STREAM, 0), EINVAL);
	ck_assert_errno(cmio_bind(NULL, &addr), EINVAL);
	ck_assert_errno(cmio_bind(&none, NULL), EINVAL);
	ck_assert_errno(cmio_bind(&none, &addr), EBADF);
	ck_assert_errno(cmio_listen(NULL, 0), EINVAL);
	ck_assert_errno(cmio_listen(&none, 0), EBADF);
	ck_assert_errno(cmio_accept(NULL, &stream, NULL), EINVAL);
	ck_assert_errno(cmio_accept(&none, NULL, NULL), EINVAL);
	ck_assert_errno(cmio_accept(&none, &stream, NULL), EBADF);
}
END_TEST

START_TEST(accept_on_a_socket_that_does_not_listen_is_einval)
{
	struct cmio_source source, stream = CMIO_SOURCE(-5);

	ck_assert_ok(cmio_socket(&source, AF_INET, SOCK_STREAM, 0));
	ck_assert_errno(cmio_accept(&source, &stream, NULL), EINVAL);
	ck_assert(stream.fd == (cmio_fd)-5);
	ck_assert_ok(cmio_close(&source));
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(connection_makes_listener_readable),
	EACH_SELECTOR(connection_makes_ipv6_listener_readable),
	EACH_SELECTOR(each_connection_after_eagain_is_an_event),
	EACH_SELECTOR(closed_listener_is_silent),
	EACH_SELECTOR(listener_for_writing_is_silent_until_reregistered),
	EACH_SELECTOR(deregistered_listener_is_silent_and_accepts),
	ONCE(second_listener_on_an_address_is_eaddrinuse),
	ONCE(listener_may_have_an_address_again_at_once),
	ONCE(listener_is_made_step_by_step_with_any_backlog),
	ONCE(backlog_of_0_is_a_long_queue),
	EACH_SELECTOR(listening_is_seen_by_a_poll_that_saw_the_socket_before),
	EACH_SELECTOR(accept_without_descriptors_may_be_tried_again),
	EACH_SELECTOR(listener_from_elsewhere_serves_as_well),
	ONCE(wrong_arguments_are_errors),
	ONCE(accept_on_a_socket_that_does_not_listen_is_einval),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tcp_listener", tests);
}
