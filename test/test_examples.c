/* SPDX-License-Identifier: MIT */
/*
 * The programs of doc/examples, each run as its reader would run it, with
 * clients that use only system calls.
 */
#include "sockets.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/process.h>

#include "programs.h"

enum { MEGABYTE = 1 << 20 };

/* In the new process, before the program. */
static void
pass_listener(int fd)
{
	char pid[32];

	if (fd == 3)
		fcntl(3, F_SETFD, 0);
	else
		dup2(fd, 3);
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
}

static void
limit_descriptors(int n)
{
	struct rlimit limit = { .rlim_cur = (rlim_t)n, .rlim_max = (rlim_t)n };

	setrlimit(RLIMIT_NOFILE, &limit);
}

/* len bytes; neighbouring bytes differ. */
static char *
data_of(size_t len)
{
	char *data = malloc(len);
	size_t i;

	ck_assert_ptr_nonnull(data);
	for (i = 0; i < len; i++)
		data[i] = (char)(i + i / 251 + i / 65521);
	return data;
}

START_TEST(quick_start_runs_to_its_end)
{
	struct program example;
	char line[200];

	spawn(&example, "examples/quick_start", "127.0.0.1:0", NULL, 0);
	do
		read_line(example.output, line, sizeof(line));
	while (line[0] != '\0');
	ck_assert_int_eq(exit_status(&example), 0);
}
END_TEST

START_TEST(tcp_echo_server_sends_everything_back)
{
	struct program example = start("examples/tcp_echo_server");
	int fds[3], i;

	for (i = 0; i < 3; i++)
		fds[i] = client_of(&example, SOCK_STREAM);
	for (i = 2; i >= 0; i--) {
		send_all(fds[i], "some bytes", 10);
		receive_all(fds[i], "some bytes", 10);
	}
	/* The end comes back too. */
	send_all(fds[1], "last", 4);
	ck_assert_ok(shutdown(fds[1], SHUT_WR));
	receive_all(fds[1], "last", 4);
	ck_assert_int_eq(read(fds[1], &i, 1), 0);
	stop(&example, SIGTERM);
	for (i = 0; i < 3; i++)
		close(fds[i]);
}
END_TEST

START_TEST(tcp_echo_server_holds_back_who_does_not_read)
{
	struct program example = start("examples/tcp_echo_server");
	int fd = client_of(&example, SOCK_STREAM);
	int other = client_of(&example, SOCK_STREAM);
	char *data = data_of(64 * MEGABYTE);
	size_t sent;

	sent = send_until_held_back(fd, data, 64 * MEGABYTE);
	ck_assert_uint_lt(sent, 64 * MEGABYTE);
	send_all(other, "meanwhile", 9);
	receive_all(other, "meanwhile", 9);
	receive_all(fd, data, sent);
	stop(&example, SIGINT);
	close(fd);
	close(other);
	free(data);
}
END_TEST

/* Connections in the queue are served when others close. */
START_TEST(tcp_echo_server_outlives_want_of_descriptors)
{
	enum { LIMIT = 20, CLIENTS = 30 };
	struct program example;
	int fds[CLIENTS], i;

	if (getenv("CMIO_RUNNER") != NULL && getenv("CMIO_RUNNER")[0] != '\0')
		skip("its runner needs descriptors as well");
	example = start_with("examples/tcp_echo_server",
	    "127.0.0.1:0 2>/dev/null",
	    limit_descriptors, LIMIT);
	for (i = 0; i < CLIENTS; i++)
		fds[i] = client_of(&example, SOCK_STREAM);
	send_all(fds[0], "first", 5);
	receive_all(fds[0], "first", 5);
	send_all(fds[CLIENTS - 1], "last", 4);
	for (i = 0; i < CLIENTS - 1; i++)
		close(fds[i]);
	receive_all(fds[CLIENTS - 1], "last", 4);
	stop(&example, SIGTERM);
	close(fds[CLIENTS - 1]);
}
END_TEST

static void
run_echo_client(struct program *client, const struct program *server,
    const char *args)
{
	char all[100];

	snprintf(all, sizeof(all), "127.0.0.1:%u %s",
	    (unsigned int)ntohs(server->addr.sin_port), args);
	spawn(client, "examples/echo_client", all, NULL, 0);
}

START_TEST(echo_client_counts_round_trips)
{
	struct program server = start("examples/tcp_echo_server"), client;
	char line[200];

	run_echo_client(&client, &server, "20 50 5000");
	read_line(client.output, line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "round trips per second"));
	ck_assert_int_eq(exit_status(&client), 0);
	stop(&server, SIGTERM);
}
END_TEST

START_TEST(echo_client_fails_on_a_wrong_byte)
{
	struct program self = { 0 }, client;
	socklen_t len = sizeof(self.addr);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	char buf[64];

	self.addr.sin_family = AF_INET;
	self.addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_ok(bind(listener, (struct sockaddr *)&self.addr, len));
	ck_assert_ok(listen(listener, 1));
	ck_assert_ok(getsockname(listener, (struct sockaddr *)&self.addr,
	    &len));
	run_echo_client(&client, &self, "1 1 64 2>/dev/null");
	fd = accept(listener, NULL, NULL);
	ck_assert_ok(fd);
	ck_assert_int_eq(recv(fd, buf, sizeof(buf), MSG_WAITALL), 64);
	buf[40] ^= 1;
	send_all(fd, buf, sizeof(buf));
	ck_assert_int_eq(exit_status(&client), 1);
	close(fd);
	close(listener);
}
END_TEST

START_TEST(udp_echo_server_sends_each_datagram_back)
{
	static const size_t sizes[] = { 1, 0, 8000, 100 };
	struct program example = start("examples/udp_echo_server");
	int fd = client_of(&example, SOCK_DGRAM);
	char *data = data_of(8000), buf[9000];
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert_int_eq(send(fd, data, sizes[i], 0), sizes[i]);
		ck_assert_int_eq(recv(fd, buf, sizeof(buf), 0), sizes[i]);
		ck_assert_mem_eq(buf, data, sizes[i]);
	}
	stop(&example, SIGINT);
	close(fd);
	free(data);
}
END_TEST

static void
write_file(const char *path, const char *data, size_t len)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(data, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static void
check_file(const char *path, const char *data, size_t len)
{
	FILE *file = fopen(path, "rb");
	char *got = malloc(len + 1);

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(fread(got, 1, len + 1, file), len);
	ck_assert_mem_eq(got, data, len);
	fclose(file);
	free(got);
}

/* Of a length, by datagrams in batches or one by one. */
static void
transfer_file(const char *in, const char *out, size_t len, const char *mode)
{
	char *data = data_of(len), args[300], line[200];
	struct program receiver, sender;

	write_file(in, data, len);
	snprintf(args, sizeof(args), "receive 127.0.0.1:0 %s %s", out, mode);
	receiver = start_with("examples/udp_transfer", args, NULL, 0);
	snprintf(args, sizeof(args), "send 127.0.0.1:%u %s %s",
	    ntohs(receiver.addr.sin_port), in, mode);
	spawn(&sender, "examples/udp_transfer", args, NULL, 0);
	read_line(sender.output, line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "MB/s"));
	ck_assert_int_eq(exit_status(&sender), 0);
	read_line(receiver.output, line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, "MB/s"));
	ck_assert_int_eq(exit_status(&receiver), 0);
	check_file(out, data, len);
	free(data);
}

START_TEST(udp_transfer_brings_the_file)
{
	static const size_t lengths[] = { 0, 1, 1197, 1000000 };
	struct temp temp;
	size_t i;

	make_temp(&temp);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		transfer_file(temp.path[0], temp.path[1], lengths[i], "");
	transfer_file(temp.path[0], temp.path[1], lengths[i - 1], "plain");
	remove_temp(&temp);
}
END_TEST

START_TEST(tcp_listenfd_server_greets_at_the_listener_it_was_given)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	struct program example;
	int clients[2], i, listener = socket(AF_INET, SOCK_STREAM, 0);
	char c;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_ok(bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert_ok(listen(listener, 8));
	example = start_with("examples/tcp_listenfd_server", "", pass_listener,
	    listener);
	close(listener);
	for (i = 0; i < 2; i++)
		clients[i] = client_of(&example, SOCK_STREAM);
	for (i = 0; i < 2; i++) {
		send_all(clients[i], "unasked", 7);
		expect_line(clients[i], "Hello from cmio, and goodbye.\n");
		ck_assert_int_eq(read(clients[i], &c, 1), 0);
		close(clients[i]);
	}
	stop(&example, SIGTERM);
}
END_TEST

START_TEST(tcp_listenfd_server_refuses_to_run_without_a_listener)
{
	struct program example;

	spawn(&example, "examples/tcp_listenfd_server", "2>/dev/null", NULL, 0);
	ck_assert_int_eq(exit_status(&example), 1);
}
END_TEST

/* Connects the nth client, and waits until the server knows it. */
static int
join(const struct program *example, int n)
{
	int fd = client_of(example, SOCK_STREAM);
	char line[32];

	snprintf(line, sizeof(line), "* %d here\n", n);
	expect_line(fd, line);
	return fd;
}

START_TEST(chat_server_passes_lines_on_to_all_others)
{
	struct program example = start("examples/chat_server");
	int fds[3], i;

	for (i = 0; i < 3; i++)
		fds[i] = join(&example, i + 1);
	expect_line(fds[0], "* 2 here\n");
	expect_line(fds[0], "* 3 here\n");
	expect_line(fds[1], "* 3 here\n");
	send_all(fds[0], "first\nsec", 9);
	expect_line(fds[1], "first\n");
	send_all(fds[2], "between\n", 8);
	expect_line(fds[0], "between\n");
	expect_line(fds[1], "between\n");
	send_all(fds[0], "ond\n", 4);
	expect_line(fds[1], "second\n");
	expect_line(fds[2], "first\n");
	expect_line(fds[2], "second\n");
	close(fds[1]);
	expect_line(fds[2], "* 2 here\n");
	expect_line(fds[0], "* 2 here\n");
	ck_assert_ok(kill(example.pid, SIGUSR1));
	expect_line(fds[0], "* 2 here\n");
	stop(&example, SIGTERM);
	close(fds[0]);
	close(fds[2]);
}
END_TEST

START_TEST(chat_server_loses_nothing_for_a_slow_client)
{
	enum { TOTAL = 64 * MEGABYTE };
	struct program example = start("examples/chat_server");
	int talker = join(&example, 1), slow = join(&example, 2);
	char *data = malloc(TOTAL);
	size_t i, sent;

	ck_assert_ptr_nonnull(data);
	for (i = 0; i < TOTAL; i++)
		data[i] = i % 100 == 99 ? '\n' : (char)('a' + i / 100 % 26);
	expect_line(talker, "* 2 here\n");
	sent = send_until_held_back(talker, data, TOTAL);
	ck_assert_uint_lt(sent, TOTAL);
	receive_all(slow, data, sent / 100 * 100);
	stop(&example, SIGINT);
	close(talker);
	close(slow);
	free(data);
}
END_TEST

/* Linux before 5.4 has no source for a child. */
static bool
has_children(void)
{
	struct cmio_child child;
	bool has;
	pid_t pid;

	pid = fork();
	ck_assert_ok(pid);
	if (pid == 0)
		_exit(0);
	has = cmio_child_open(&child, pid) == 0;
	if (has)
		ck_assert_ok(cmio_close(&child.source));
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return has;
}

/* All of its output, which is short. */
static void
read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	ck_assert_int_eq(n, 0);
	text[used] = '\0';
}

/* These lines come in this order, whatever comes between. */
static void
expect_in_order(const char *text, const char *const *lines)
{
	const char *from = text;

	for (; *lines != NULL; lines++) {
		from = strstr(from, *lines);
		if (from == NULL)
			ck_abort_msg("no %s in its place: %s", *lines, text);
	}
}

START_TEST(run_children_merges_lines_and_reports)
{
	static const char *const first[] = {
		"[1] one\n", "[1] two\n", "[1] exit 3\n", NULL
	}, *const second[] = {
		"[2] no newline\n", "[2] exit 0\n", NULL
	}, *const third[] = { "[3] signal 9\n", NULL };
	struct program example;
	char text[500];

	if (!has_children())
		skip("no descriptor reports the end of a child here");
	spawn(&example, "examples/run_children",
	    "'echo one; sleep 0.1; echo two >&2; exit 3' "
	    "'printf \"no newline\"' 'kill -9 $$'", NULL, 0);
	read_all(example.output, text, sizeof(text));
	ck_assert_int_eq(exit_status(&example), 1);
	expect_in_order(text, first);
	expect_in_order(text, second);
	expect_in_order(text, third);
	spawn(&example, "examples/run_children", "true 'exec true'", NULL, 0);
	read_all(example.output, text, sizeof(text));
	ck_assert_int_eq(exit_status(&example), 0);
}
END_TEST

/* A shell that runs a program, a program, one that ignores SIGTERM. */
static void
stop_children(int number, int times)
{
	static const char *const stopped[] = { "[1] signal 15\n", NULL },
	    *const other[] = { "[2] signal 15\n", NULL },
	    *const forced[] = { "[3] signal 9\n", NULL };
	struct program example;
	char text[500];
	int i;

	spawn(&example, "examples/run_children",
	    "'echo up; sleep 100; :' 'echo up; exec sleep 100' "
	    "'trap \"\" TERM; echo up; while :; do sleep 0.05; done'", NULL, 0);
	for (i = 0; i < 3; i++)
		read_line(example.output, text, sizeof(text));
	for (i = 0; i < times; i++) {
		ck_assert_ok(kill(example.pid, number));
		if (i == 0) {
			read_line(example.output, text, sizeof(text));
			read_line(example.output, text + strlen(text),
			    sizeof(text) - strlen(text));
		}
	}
	expect_in_order(text, stopped);
	expect_in_order(text, other);
	read_all(example.output, text, sizeof(text));
	expect_in_order(text, forced);
	ck_assert_int_eq(exit_status(&example), 1);
}

START_TEST(run_children_ends_with_all_of_them)
{
	if (!has_children())
		skip("no descriptor reports the end of a child here");
	stop_children(SIGTERM, 2);
	stop_children(SIGINT, 2);
}
END_TEST

static void
set_input(int fd)
{
	dup2(fd, 0);
}

START_TEST(watch_all_reports_each_source)
{
	static const char *const lines[] = {
		"the thread\n", "the child: status 0x700\n",
		"input: 3 bytes\n", "the end, signal 15\n", NULL
	};
	struct program example;
	char text[500] = "";
	int fds[2], i;

	if (!has_children())
		skip("no descriptor reports the end of a child here");
	ck_assert_ok(pipe(fds));
	ck_assert_ok(fcntl(fds[1], F_SETFD, FD_CLOEXEC));
	send_all(fds[1], "abc", 3);
	spawn(&example, "examples/watch_all", "", set_input, fds[0]);
	while (strstr(text, "input") == NULL || strstr(text, "child") == NULL ||
	    strstr(text, "thread") == NULL)
		read_line(example.output, text + strlen(text),
		    sizeof(text) - strlen(text));
	ck_assert_ok(kill(example.pid, SIGTERM));
	read_all(example.output, text + strlen(text),
	    sizeof(text) - strlen(text));
	for (i = 0; lines[i] != NULL; i++)
		ck_assert_ptr_nonnull(strstr(text, lines[i]));
	ck_assert_int_eq(exit_status(&example), 0);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(watch_all_ends_with_its_input)
{
	struct program example;
	char text[500] = "";
	int fds[2];

	if (!has_children())
		skip("no descriptor reports the end of a child here");
	ck_assert_ok(pipe(fds));
	ck_assert_ok(fcntl(fds[1], F_SETFD, FD_CLOEXEC));
	spawn(&example, "examples/watch_all", "", set_input, fds[0]);
	close(fds[1]);
	read_all(example.output, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "the end, signal -1\n"));
	ck_assert_int_eq(exit_status(&example), 0);
	close(fds[0]);
}
END_TEST

static const struct test tests[] = {
	ONCE(quick_start_runs_to_its_end),
	ONCE(tcp_echo_server_sends_everything_back),
	ONCE(tcp_echo_server_holds_back_who_does_not_read),
	ONCE(tcp_echo_server_outlives_want_of_descriptors),
	ONCE(echo_client_counts_round_trips),
	ONCE(echo_client_fails_on_a_wrong_byte),
	ONCE(udp_echo_server_sends_each_datagram_back),
	ONCE(udp_transfer_brings_the_file),
	ONCE(tcp_listenfd_server_greets_at_the_listener_it_was_given),
	ONCE(tcp_listenfd_server_refuses_to_run_without_a_listener),
	ONCE(chat_server_passes_lines_on_to_all_others),
	ONCE(chat_server_loses_nothing_for_a_slow_client),
	ONCE(run_children_merges_lines_and_reports),
	ONCE(run_children_ends_with_all_of_them),
	ONCE(watch_all_reports_each_source),
	ONCE(watch_all_ends_with_its_input),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "examples", tests);
}
