/* SPDX-License-Identifier: MIT */
/*
 * The programs of doc/tutorial, with clients that use only system calls.
 */
#include "harness.h"

#include <sys/socket.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "programs.h"

/* The steps before the last do not end by themselves. */
static void
end(struct program *program)
{
	ck_assert_ok(kill(program->pid, SIGKILL));
	reap(program);
}

static void
expect_start(const struct program *program, const char *expected)
{
	char line[200];

	read_line(program->output, line, sizeof(line));
	if (strncmp(line, expected, strlen(expected)) != 0)
		ck_abort_msg("it says: %s", line);
}

START_TEST(step_1_waits_and_ends)
{
	struct program program;
	char line[200];

	spawn(&program, "tutorial/01_poll", "", NULL, 0);
	read_line(program.output, line, sizeof(line));
	ck_assert_ptr_nonnull(strstr(line, ": 0 events\n"));
	ck_assert_int_eq(exit_status(&program), 0);
}
END_TEST

START_TEST(step_2_prints_who_connects)
{
	struct program program = start("tutorial/02_listen");
	int fd = client_of(&program, SOCK_STREAM);
	char byte;

	expect_start(&program, "connection from 127.0.0.1:");
	ck_assert_int_eq(read(fd, &byte, 1), 0);
	close(fd);
	end(&program);
}
END_TEST

START_TEST(step_3_greets)
{
	struct program program = start("tutorial/03_greet");
	int i, fds[3];

	for (i = 0; i < 3; i++)
		fds[i] = client_of(&program, SOCK_STREAM);
	for (i = 0; i < 3; i++) {
		expect_line(fds[i], "hello\n");
		close(fds[i]);
	}
	end(&program);
}
END_TEST

START_TEST(step_4_prints_what_clients_send)
{
	struct program program = start("tutorial/04_read");
	int one = client_of(&program, SOCK_STREAM), two;

	expect_start(&program, "connection from");
	two = client_of(&program, SOCK_STREAM);
	expect_start(&program, "connection from");
	send_all(two, "second\n", 7);
	expect_start(&program, "client 1: second\n");
	send_all(one, "first\n", 6);
	expect_start(&program, "client 0: first\n");
	send_all(one, "the end\n", 8);
	close(one);
	expect_start(&program, "client 0: the end\n");
	expect_start(&program, "client 0 left\n");
	close(two);
	expect_start(&program, "client 1 left\n");
	end(&program);
}
END_TEST

/* Three clients that the server knows. */
static void
join_three(const struct program *program, int fds[3])
{
	int i;

	for (i = 0; i < 3; i++) {
		fds[i] = client_of(program, SOCK_STREAM);
		expect_start(program, "connection from");
	}
}

static void
close_three(const int fds[3])
{
	int i;

	for (i = 0; i < 3; i++)
		close(fds[i]);
}

START_TEST(step_5_sends_to_all_others)
{
	struct program program = start("tutorial/05_broadcast");
	int fds[3];

	join_three(&program, fds);
	send_all(fds[1], "hello\n", 6);
	expect_line(fds[0], "hello\n");
	expect_line(fds[2], "hello\n");
	send_all(fds[0], "bye\n", 4);
	expect_line(fds[1], "bye\n");
	close_three(fds);
	end(&program);
}
END_TEST

START_TEST(step_6_keeps_what_cannot_be_sent_yet)
{
	struct program program = start("tutorial/06_queue");
	int fds[3];

	join_three(&program, fds);
	send_all(fds[1], "hello\n", 6);
	expect_line(fds[0], "hello\n");
	expect_line(fds[2], "hello\n");
	close(fds[2]);
	expect_start(&program, "client 2 left\n");
	fds[2] = client_of(&program, SOCK_STREAM);
	expect_start(&program, "connection from");
	send_all(fds[1], "again\n", 6);
	expect_line(fds[2], "again\n");
	expect_line(fds[0], "again\n");
	close_three(fds);
	end(&program);
}
END_TEST

static void
expect_chat(const struct program *program)
{
	int fds[3];

	join_three(program, fds);
	send_all(fds[0], "first\nsec", 9);
	expect_line(fds[1], "0: first\n");
	expect_line(fds[2], "0: first\n");
	send_all(fds[2], "between\n", 8);
	expect_line(fds[0], "2: between\n");
	expect_line(fds[1], "2: between\n");
	send_all(fds[0], "ond\nthe last\n", 13);
	expect_line(fds[1], "0: second\n");
	expect_line(fds[1], "0: the last\n");
	close_three(fds);
	expect_start(program, "client ");
	expect_start(program, "client ");
	expect_start(program, "client ");
}

START_TEST(step_7_sends_whole_lines)
{
	struct program program = start("tutorial/07_lines");

	expect_chat(&program);
	end(&program);
}
END_TEST

/* Sends lines of 100 bytes until the server reads no more. */
static size_t
fill(int fd)
{
	enum { TOTAL = 32 << 20 };
	char *data = malloc(TOTAL);
	size_t i, sent;

	ck_assert_ptr_nonnull(data);
	for (i = 0; i < TOTAL; i++)
		data[i] = i % 100 == 99 ? '\n' : (char)('a' + i / 100 % 26);
	sent = send_until_held_back(fd, data, TOTAL);
	ck_assert_uint_lt(sent, TOTAL);
	free(data);
	return sent / 100;
}

static void
expect_lines(int fd, size_t lines)
{
	char expected[103];
	size_t i;

	for (i = 0; i < lines; i++) {
		memset(expected, 'a' + (int)(i % 26), sizeof(expected));
		memcpy(expected, "0: ", 3);
		expected[102] = '\n';
		receive_all(fd, expected, sizeof(expected));
	}
}

static void
expect_back_pressure(const char *name)
{
	struct program program = start(name);
	int fds[3];
	size_t lines;

	expect_chat(&program);
	join_three(&program, fds);
	close(fds[2]);
	expect_start(&program, "client 2 left\n");
	lines = fill(fds[0]);
	expect_lines(fds[1], lines);
	close(fds[0]);
	close(fds[1]);
	end(&program);
}

START_TEST(step_8_reads_no_more_than_all_can_receive)
{
	expect_back_pressure("tutorial/08_back_pressure");
}
END_TEST

START_TEST(step_9_still_loses_nothing)
{
	expect_back_pressure("tutorial/09_limits");
}
END_TEST

START_TEST(step_9_accepts_the_rest_when_others_have_gone)
{
	enum { CLIENTS = 70 };
	struct program program;
	int fds[CLIENTS], i;

	/* The server has as many. */
	if (!room_for_descriptors(CLIENTS + 10))
		skip("too few descriptors");
	program = start("tutorial/09_limits");
	for (i = 0; i < CLIENTS; i++)
		fds[i] = client_of(&program, SOCK_STREAM);
	for (i = 0; i < 64; i++)
		expect_start(&program, "connection from");
	for (i = 0; i < 64; i++)
		close(fds[i]);
	for (i = 0; i < 64 + 6; i++)
		read_line(program.output, (char [100]){ 0 }, 100);
	send_all(fds[68], "hello\n", 6);
	read_line(fds[69], (char [100]){ 0 }, 100);
	for (i = 64; i < CLIENTS; i++)
		close(fds[i]);
	end(&program);
}
END_TEST

START_TEST(step_10_says_good_bye)
{
	struct program program = start("tutorial/10_chat");
	int fds[3], i;

	expect_chat(&program);
	join_three(&program, fds);
	ck_assert_ok(kill(program.pid, SIGTERM));
	for (i = 0; i < 3; i++)
		expect_line(fds[i], "server: good-bye\n");
	for (i = 0; i < 3; i++)
		expect_start(&program, "client ");
	ck_assert_int_eq(exit_status(&program), 0);
	close_three(fds);
}
END_TEST

static const struct test tests[] = {
	ONCE(step_1_waits_and_ends),
	ONCE(step_2_prints_who_connects),
	ONCE(step_3_greets),
	ONCE(step_4_prints_what_clients_send),
	ONCE(step_5_sends_to_all_others),
	ONCE(step_6_keeps_what_cannot_be_sent_yet),
	ONCE(step_7_sends_whole_lines),
	ONCE(step_8_reads_no_more_than_all_can_receive),
	ONCE(step_9_still_loses_nothing),
	ONCE(step_9_accepts_the_rest_when_others_have_gone),
	ONCE(step_10_says_good_bye),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "tutorial", tests);
}
