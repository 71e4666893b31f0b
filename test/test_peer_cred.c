/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a Unix socket: cmio_peer_cred(3). */
#include "sockets.h"

#include <sys/wait.h>

#include <unistd.h>

/* Whether this system can say it at all. */
static bool
knows(const struct cmio_source *source, uid_t *uid, gid_t *gid, pid_t *pid,
    const char *test)
{
	if (cmio_peer_cred(source, uid, gid, pid) == 0)
		return true;
	ck_assert_int_eq(errno, ENOTSUP);
	note_skip(test, "nobody knows the peers of sockets here");
	return false;
}

static void
expect_pid(pid_t pid, pid_t expected)
{
#ifdef __linux__
	ck_assert_int_eq(pid, expected);
#else
	if (pid != -1)
		ck_assert_int_eq(pid, expected);
#endif
}

START_TEST(pair_has_this_process_at_both_ends)
{
	struct cmio_source pair[2];
	uid_t uid = (uid_t)-2;
	gid_t gid = (gid_t)-2;
	pid_t pid = -2;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	if (knows(&pair[0], &uid, &gid, &pid, __func__)) {
		ck_assert_int_eq(uid, geteuid());
		ck_assert_int_eq(gid, getegid());
		expect_pid(pid, getpid());
		ck_assert_ok(cmio_peer_cred(&pair[1], NULL, NULL, NULL));
	}
	close_sources(&pair[0], &pair[1]);
}
END_TEST

START_TEST(server_and_client_know_each_other)
{
	struct cmio_source listener, stream, client;
	struct cmio_addr addr;
	struct temp temp;
	uid_t uid;
	pid_t child, pid;
	int status;

	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	child = fork();
	ck_assert_ok(child);
	if (child == 0)
		_exit(cmio_unix_connect(&client, &addr) == -1 ||
		    (cmio_peer_cred(&client, &uid, NULL, &pid) == -1 ?
		    errno != ENOTSUP : uid != geteuid() ||
		    (pid != -1 && pid != getppid())));
	accept_one(&listener, &stream);
	if (knows(&stream, &uid, NULL, &pid, __func__)) {
		ck_assert_int_eq(uid, geteuid());
		expect_pid(pid, child);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	close_sources(&listener, &stream);
	remove_temp(&temp);
}
END_TEST

START_TEST(socket_without_a_peer_has_none)
{
	struct cmio_source listener, single, pair[2];
	struct cmio_addr addr;
	struct temp temp;
	bool known;
	pid_t pid = -2;

	ck_assert_ok(cmio_unix_pair(pair, SOCK_STREAM));
	known = knows(&pair[0], NULL, NULL, NULL, __func__);
	close_sources(&pair[0], &pair[1]);
	if (!known)
		return;
	make_temp(&temp);
	addr = path_address(&temp, 0);
	ck_assert_ok(cmio_unix_listen(&listener, &addr));
	ck_assert_ok(cmio_socket(&single, AF_UNIX, SOCK_STREAM, 0));
	ck_assert_errno(cmio_peer_cred(&listener, NULL, NULL, &pid), ENOTCONN);
	ck_assert_errno(cmio_peer_cred(&single, NULL, NULL, &pid), ENOTCONN);
	ck_assert_int_eq(pid, -2);
	close_sources(&listener, &single);
	remove_temp(&temp);
}
END_TEST

START_TEST(other_sockets_have_no_such_peer)
{
	struct cmio_source client, server, udp, pipe[2];

	tcp_pair(&client, &server);
	udp_bind(&udp);
	ck_assert_errno(cmio_peer_cred(&client, NULL, NULL, NULL),
	    EAFNOSUPPORT);
	ck_assert_errno(cmio_peer_cred(&udp, NULL, NULL, NULL), EAFNOSUPPORT);
	ck_assert_ok(cmio_pipe(&pipe[0], &pipe[1]));
	ck_assert_errno(cmio_peer_cred(&pipe[0], NULL, NULL, NULL), ENOTSOCK);
	close_sources(&pipe[0], &pipe[1]);
	close_sources(&client, &server);
	ck_assert_ok(cmio_close(&udp));
}
END_TEST

static const struct test tests[] = {
	ONCE(pair_has_this_process_at_both_ends),
	ONCE(server_and_client_know_each_other),
	ONCE(socket_without_a_peer_has_none),
	ONCE(other_sockets_have_no_such_peer),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "peer_cred", tests);
}
