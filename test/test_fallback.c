/* SPDX-License-Identifier: MIT */
/*
 * The plain ways to make sockets and pipes, which are used without accept4(2),
 * pipe2(2) and SOCK_CLOEXEC, on old kernels and in sandboxes.
 */
#include "sockets.h"

#include "port/accept.h"
#include "port/flags.h"
#include "port/pipe.h"
#include "port/socket.h"

static void
adopt(struct cmio_source *source, int fd)
{
	ck_assert_int_ge(fd, 0);
	cmio_source_init(source, fd);
	check_flags(source);
}

START_TEST(plain_socket_has_its_flags)
{
	struct cmio_source source;
	cmio_fd fd;

	ck_assert_int_eq(cmio__socket_plain(AF_INET, SOCK_STREAM, 0, &fd),
	    0);
	adopt(&source, fd);
	ck_assert_ok(cmio_close(&source));
	ck_assert_int_lt(cmio__socket_plain(AF_INET, 9999, 0, &fd), 0);
}
END_TEST

START_TEST(plain_pair_has_its_flags)
{
	struct cmio_source pair[2];
	int fds[2] = { -5, -5 };

	ck_assert_int_lt(cmio__socketpair_plain(AF_UNIX, 9999, fds), 0);
	ck_assert_int_eq(fds[0], -5);
	ck_assert_ok(cmio__socketpair_plain(AF_UNIX, SOCK_STREAM, fds));
	adopt(&pair[0], fds[0]);
	adopt(&pair[1], fds[1]);
	write_text(&pair[0], "hello");
	expect_bytes(&pair[1], "hello");
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(plain_pipe_has_its_flags)
{
	struct cmio_source reader, writer;
	int fds[2];

	ck_assert_ok(cmio__pipe_plain(fds));
	adopt(&reader, fds[0]);
	adopt(&writer, fds[1]);
	write_text(&writer, "hello");
	expect_bytes(&reader, "hello");
	close_sources(&reader, &writer);
}
END_TEST

START_TEST(plainly_accepted_socket_has_its_flags)
{
	struct cmio_source listener, client, server;
	struct cmio_addr addr = tcp_listen(&listener), own;
	struct cmio_addr peer = { .len = sizeof(peer.ss) };
	cmio_fd fd;

	ck_assert_int_eq(cmio__accept_plain(listener.fd, &peer.ss,
	    &peer.len, &fd), -EAGAIN);
	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	await(&listener, CMIO_READABLE);
	ck_assert_int_eq(cmio__accept_plain(listener.fd, &peer.ss,
	    &peer.len, &fd), 0);
	adopt(&server, fd);
	own = local_address(&client);
	check_same_address(&peer, &own);
	close_sources(&client, &server);

	ck_assert_ok(cmio_tcp_connect(&client, &addr));
	await(&listener, CMIO_READABLE);
	ck_assert_int_eq(cmio__accept_plain(listener.fd, NULL, NULL, &fd), 0);
	adopt(&server, fd);
	close_sources(&client, &server);
	ck_assert_ok(cmio_close(&listener));
}
END_TEST

START_TEST(refusals_of_flags_are_known)
{
	ck_assert(cmio__flags_refused(ENOSYS));
	ck_assert(cmio__flags_refused(EINVAL));
	ck_assert(cmio__flags_refused(EPERM));
	ck_assert(!cmio__flags_refused(EAGAIN));
	ck_assert(!cmio__flags_refused(EMFILE));
}
END_TEST

static const struct test tests[] = {
	ONCE(plain_socket_has_its_flags),
	ONCE(plain_pair_has_its_flags),
	ONCE(plain_pipe_has_its_flags),
	ONCE(plainly_accepted_socket_has_its_flags),
	ONCE(refusals_of_flags_are_known),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "fallback", tests);
}
