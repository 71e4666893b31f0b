/* SPDX-License-Identifier: MIT */
/* Running the programs of doc/: see programs.h. */
#include "harness.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs.h"

void
spawn(struct program *program, const char *name, const char *args,
    void (*prepare)(int), int number)
{
	const char *folder = getenv("CMIO_DOC");
	char command[1000];
	int out[2];

	snprintf(command, sizeof(command), "exec $CMIO_RUNNER %s/%s %s",
	    folder != NULL ? folder : "doc", name, args);
	ck_assert_ok(pipe(out));
	program->pid = fork();
	ck_assert_int_ne(program->pid, -1);
	if (program->pid == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		if (prepare != NULL)
			prepare(number);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	program->output = out[0];
}

void
read_line(int fd, char *line, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && read(fd, line + n, 1) == 1)
		if (line[n++] == '\n')
			break;
	line[n] = '\0';
}

void
expect_line(int fd, const char *expected)
{
	char line[200];

	read_line(fd, line, sizeof(line));
	ck_assert_str_eq(line, expected);
}

struct program
start_with(const char *name, const char *args, void (*prepare)(int),
    int number)
{
	struct program program;
	char line[200], host[32];
	unsigned int port;

	spawn(&program, name, args, prepare, number);
	read_line(program.output, line, sizeof(line));
	if (sscanf(line, "listening on %31[0-9.]:%u", host, &port) != 2)
		ck_abort_msg("%s says: %s", name, line);
	memset(&program.addr, 0, sizeof(program.addr));
	program.addr.sin_family = AF_INET;
	program.addr.sin_port = htons((uint16_t)port);
	ck_assert_int_eq(inet_pton(AF_INET, host, &program.addr.sin_addr), 1);
	return program;
}

struct program
start(const char *name)
{
	return start_with(name, "127.0.0.1:0", NULL, 0);
}

int
reap(struct program *program)
{
	int status;

	close(program->output);
	ck_assert_int_eq(waitpid(program->pid, &status, 0), program->pid);
	return status;
}

int
exit_status(struct program *program)
{
	int status = reap(program);

	if (WIFSIGNALED(status))
		ck_abort_msg("it died of signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

void
stop(struct program *program, int number)
{
	ck_assert_ok(kill(program->pid, number));
	ck_assert_int_eq(exit_status(program), 0);
}

int
client_of(const struct program *program, int type)
{
	int fd = socket(AF_INET, type, 0);

	ck_assert_ok(fd);
	ck_assert_ok(connect(fd, (const struct sockaddr *)&program->addr,
	    sizeof(program->addr)));
	return fd;
}

void
send_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = write(fd, data, len);
		ck_assert_ok(n);
	}
}

void
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

size_t
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
