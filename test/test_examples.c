/* SPDX-License-Identifier: MIT */
/*
 * The programs of doc/examples, each run as its reader would run it, with
 * clients made of nothing but system calls.
 *
 * CMIO_EXAMPLES is the folder they are in, CMIO_RUNNER what to run them with
 * (an emulator, say).
 */
#include "harness.h"

#include <sys/resource.h>
#include <sys/socket.h>
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

enum { MEGABYTE = 1 << 20 };

/* A running example, and where it listens. */
struct example {
	pid_t			pid;
	int			output;		/* a pipe from its stdout */
	struct sockaddr_in	addr;
};

/* What is to be different in the new process. */
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

/* Every program here takes an address first; args may have more, after it. */
static void
spawn(struct example *example, const char *name, const char *args,
    void (*prepare)(int), int number)
{
	const char *folder = getenv("CMIO_EXAMPLES");
	char command[1000];
	int out[2];

	snprintf(command, sizeof(command), "exec $CMIO_RUNNER %s/%s %s",
	    folder != NULL ? folder : "doc/examples", name, args);
	ck_assert_ok(pipe(out));
	example->pid = fork();
	ck_assert_int_ne(example->pid, -1);
	if (example->pid == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		if (prepare != NULL)
			prepare(number);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	example->output = out[0];
}

/* What it has said until a newline, or its end. */
static void
read_line(int fd, char *line, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && read(fd, line + n, 1) == 1)
		if (line[n++] == '\n')
			break;
	line[n] = '\0';
}

static void
expect_line(int fd, const char *expected)
{
	char line[200];

	read_line(fd, line, sizeof(line));
	ck_assert_str_eq(line, expected);
}

static struct example
start_with(const char *name, const char *args, void (*prepare)(int),
    int number)
{
	struct example example;
	char line[200], host[32];
	unsigned int port;

	spawn(&example, name, args, prepare, number);
	read_line(example.output, line, sizeof(line));
	if (sscanf(line, "listening on %31[0-9.]:%u", host, &port) != 2)
		ck_abort_msg("%s says: %s", name, line);
	memset(&example.addr, 0, sizeof(example.addr));
	example.addr.sin_family = AF_INET;
	example.addr.sin_port = htons((uint16_t)port);
	ck_assert_int_eq(inet_pton(AF_INET, host, &example.addr.sin_addr), 1);
	return example;
}

static struct example
start(const char *name)
{
	return start_with(name, "127.0.0.1:0", NULL, 0);
}

static int
exit_status(struct example *example)
{
	int status;

	close(example->output);
	ck_assert_int_eq(waitpid(example->pid, &status, 0), example->pid);
	if (WIFSIGNALED(status))
		ck_abort_msg("it died of signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static void
stop(struct example *example, int number)
{
	ck_assert_ok(kill(example->pid, number));
	ck_assert_int_eq(exit_status(example), 0);
}

static int
client_of(const struct example *example, int type)
{
	int fd = socket(AF_INET, type, 0);

	ck_assert_ok(fd);
	ck_assert_ok(connect(fd, (const struct sockaddr *)&example->addr,
	    sizeof(example->addr)));
	return fd;
}

/* len bytes, none of which is like those near it. */
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

static void
send_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = write(fd, data, len);
		ck_assert_ok(n);
	}
}

static void
receive_all(int fd, const char *expected, size_t len)
{
	static char buf[65536];
	size_t got = 0;
	ssize_t n;

	while (got < len) {
		n = read(fd, buf, len - got < sizeof(buf) ? len - got :
		    sizeof(buf));
		ck_assert_int_gt(n, 0);
		if (memcmp(buf, expected + got, (size_t)n) != 0)
			ck_abort_msg("not what was sent, near byte %zu", got);
		got += (size_t)n;
	}
}

/* Sends until nothing has gone for a while; how much went. */
static size_t
send_until_held_back(int fd, const char *data, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	size_t sent = 0;
	ssize_t n;

	ck_assert_ok(fcntl(fd, F_SETFL, O_NONBLOCK));
	while (sent < len && poll(&pfd, 1, 100) == 1) {
		n = write(fd, data + sent, len - sent);
		if (n == -1 && errno == EAGAIN)
			continue;
		ck_assert_int_gt(n, 0);
		sent += (size_t)n;
	}
	ck_assert_ok(fcntl(fd, F_SETFL, 0));
	return sent;
}

START_TEST(quick_start_runs_to_its_end)
{
	struct example example;
	char line[200];

	spawn(&example, "quick_start", "127.0.0.1:0", NULL, 0);
	do
		read_line(example.output, line, sizeof(line));
	while (line[0] != '\0');
	ck_assert_int_eq(exit_status(&example), 0);
}
END_TEST

START_TEST(tcp_echo_server_sends_everything_back)
{
	struct example example = start("tcp_echo_server");
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
	struct example example = start("tcp_echo_server");
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

/* Those in the queue are served when others go, with no new one to tell. */
START_TEST(tcp_echo_server_outlives_want_of_descriptors)
{
	enum { LIMIT = 20, CLIENTS = 30 };
	struct example example;
	int fds[CLIENTS], i;

	if (getenv("CMIO_RUNNER") != NULL && getenv("CMIO_RUNNER")[0] != '\0')
		skip("its runner needs descriptors as well");
	example = start_with("tcp_echo_server", "127.0.0.1:0 2>/dev/null",
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
run_echo_client(struct example *client, const struct example *server,
    const char *args)
{
	char all[100];

	snprintf(all, sizeof(all), "127.0.0.1:%u %s",
	    (unsigned int)ntohs(server->addr.sin_port), args);
	spawn(client, "echo_client", all, NULL, 0);
}

START_TEST(echo_client_counts_round_trips)
{
	struct example server = start("tcp_echo_server"), client;
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
	struct example self = { 0 }, client;
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
	struct example example = start("udp_echo_server");
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

START_TEST(tcp_listenfd_server_greets_at_the_listener_it_was_given)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	struct example example;
	int clients[2], i, listener = socket(AF_INET, SOCK_STREAM, 0);
	char c;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_ok(bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert_ok(listen(listener, 8));
	example = start_with("tcp_listenfd_server", "", pass_listener,
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
	struct example example;

	spawn(&example, "tcp_listenfd_server", "2>/dev/null", NULL, 0);
	ck_assert_int_eq(exit_status(&example), 1);
}
END_TEST

/* The nth client, known to be in. */
static int
join(const struct example *example, int n)
{
	int fd = client_of(example, SOCK_STREAM);
	char line[32];

	snprintf(line, sizeof(line), "* %d here\n", n);
	expect_line(fd, line);
	return fd;
}

START_TEST(chat_server_passes_lines_on_to_all_others)
{
	struct example example = start("chat_server");
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
	struct example example = start("chat_server");
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

static const struct test tests[] = {
	ONCE(quick_start_runs_to_its_end),
	ONCE(tcp_echo_server_sends_everything_back),
	ONCE(tcp_echo_server_holds_back_who_does_not_read),
	ONCE(tcp_echo_server_outlives_want_of_descriptors),
	ONCE(echo_client_counts_round_trips),
	ONCE(echo_client_fails_on_a_wrong_byte),
	ONCE(udp_echo_server_sends_each_datagram_back),
	ONCE(tcp_listenfd_server_greets_at_the_listener_it_was_given),
	ONCE(tcp_listenfd_server_refuses_to_run_without_a_listener),
	ONCE(chat_server_passes_lines_on_to_all_others),
	ONCE(chat_server_loses_nothing_for_a_slow_client),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "examples", tests);
}
