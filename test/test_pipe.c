/* SPDX-License-Identifier: MIT */
/* Pipes: cmio_pipe(3), and pipes to and from a child process. */
#include "sockets.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { READER = 3, WRITER = 5 };

START_TEST(pipe_carries_bytes)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	char bytes[] = "abcd", buf[10];
	struct iovec out[] = { { bytes, 1 }, { bytes + 1, 3 } };
	struct iovec in[] = { { buf, 2 }, { buf + 2, 8 } };
	char byte;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	check_flags(&reader);
	check_flags(&writer);
	ck_assert_ok(cmio_register(poll, &writer, WRITER, CMIO_WRITABLE));
	wait_for(poll, WRITER, CMIO_WRITABLE);
	ck_assert_ok(cmio_deregister(poll, &writer));
	ck_assert_ok(cmio_register(poll, &reader, READER, CMIO_READABLE));
	expect_would_block(cmio_read(&reader, &byte, 1));
	write_text(&writer, "hello");
	wait_for(poll, READER, CMIO_READABLE);
	expect_bytes(&reader, "hello");
	expect_would_block(cmio_readv(&reader, in, 2));
	ck_assert_int_eq(cmio_writev(&writer, out, 2), 4);
	wait_for(poll, READER, CMIO_READABLE);
	ck_assert_int_eq(cmio_readv(&reader, in, 2), 4);
	ck_assert_mem_eq(buf, "abcd", 4);
	close_sources(&reader, &writer);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(full_pipe_is_writable_when_it_was_read)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	size_t sent;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_register(poll, &writer, WRITER, CMIO_WRITABLE));
	wait_for(poll, WRITER, CMIO_WRITABLE);
	sent = fill(&writer);
	expect_nothing(poll);
	ck_assert_uint_eq(drain(&reader), sent);
	wait_for(poll, WRITER, CMIO_WRITABLE);
	write_text(&writer, "x");
	close_sources(&reader, &writer);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(writer_that_closes_makes_reader_read_closed)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	unsigned int seen;
	char byte;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_register(poll, &reader, READER, CMIO_READABLE));
	write_text(&writer, "x");
	wait_for(poll, READER, CMIO_READABLE);
	ck_assert_uint_eq(drain(&reader), 1);
	ck_assert_ok(cmio_close(&writer));
	seen = wait_for(poll, READER, CMIO_READABLE | CMIO_READ_CLOSED);
	ck_assert_uint_eq(seen & CMIO_WRITE_CLOSED, 0);
	expect_nothing(poll);
	ck_assert_int_eq(cmio_read(&reader, &byte, 1), 0);
	ck_assert_ok(cmio_close(&reader));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reader_that_closes_makes_writer_write_closed)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_register(poll, &writer, WRITER, CMIO_WRITABLE));
	wait_for(poll, WRITER, CMIO_WRITABLE);
	ck_assert_ok(cmio_close(&reader));
	wait_for(poll, WRITER, CMIO_WRITABLE | CMIO_WRITE_CLOSED);
	expect_nothing(poll);
	ck_assert_ok(cmio_close(&writer));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(reader_that_closes_makes_full_writer_writable)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, writer;
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_register(poll, &writer, WRITER, CMIO_WRITABLE));
	wait_for(poll, WRITER, CMIO_WRITABLE);
	fill(&writer);
	ck_assert_ok(cmio_close(&reader));
	wait_for(poll, WRITER, CMIO_WRITABLE);
	expect_nothing(poll);
	ck_assert_errno(cmio_write(&writer, "x", 1), EPIPE);
	ck_assert_ok(cmio_close(&writer));
	cmio_poll_unref(poll);
	signal(SIGPIPE, before);
}
END_TEST

/* Like cat(1), with blocking descriptors. */
static void
be_cat(int in, int out)
{
	char buf[100];
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n)
			_exit(1);
	_exit(n == 0 ? 0 : 1);
}

/* Pipes as a program makes them for a child, without cmio. */
static pid_t
start_cat(struct cmio_source *to, struct cmio_source *from)
{
	int in[2], out[2];
	pid_t child;

	ck_assert_ok(pipe(in));
	ck_assert_ok(pipe(out));
	child = fork();
	ck_assert_ok(child);
	if (child == 0) {
		close(in[1]);
		close(out[0]);
		be_cat(in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	cmio_source_init(to, in[1]);
	cmio_source_init(from, out[0]);
	return child;
}

static void
expect_exit(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}

START_TEST(pipes_of_a_child_are_sources)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source to, from;
	char byte, bytes[] = "world";
	struct iovec iov = { bytes, 5 };
	pid_t child = start_cat(&to, &from);

	ck_assert_ok(cmio_set_nonblocking(&to, 1));
	ck_assert_ok(cmio_set_nonblocking(&from, 1));
	expect_would_block(cmio_read(&from, &byte, 1));
	ck_assert_ok(cmio_register(poll, &from, READER, CMIO_READABLE));
	write_text(&to, "hello");
	wait_for(poll, READER, CMIO_READABLE);
	expect_bytes(&from, "hello");
	expect_would_block(cmio_read(&from, &byte, 1));
	ck_assert_int_eq(cmio_writev(&to, &iov, 1), 5);
	wait_for(poll, READER, CMIO_READABLE);
	expect_bytes(&from, "world");
	expect_would_block(cmio_read(&from, &byte, 1));

	ck_assert_ok(cmio_close(&to));
	wait_for(poll, READER, CMIO_READABLE | CMIO_READ_CLOSED);
	ck_assert_int_eq(cmio_read(&from, &byte, 1), 0);
	expect_exit(child);
	ck_assert_ok(cmio_close(&from));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(nonblocking_is_set_and_reset)
{
	struct cmio_source reader, writer;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_ok(cmio_set_nonblocking(&reader, 0));
	ck_assert_int_eq(fcntl(reader.fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_ok(cmio_set_nonblocking(&reader, 5));
	ck_assert_int_ne(fcntl(reader.fd, F_GETFL) & O_NONBLOCK, 0);
	close_sources(&reader, &writer);
}
END_TEST

START_TEST(what_only_sockets_do_is_enotsock)
{
	struct cmio_source reader, writer, other;
	struct cmio_addr addr = address("127.0.0.1:1");
	char byte = 0;

	ck_assert_ok(cmio_pipe(&reader, &writer));
	ck_assert_errno(cmio_recv(&reader, &byte, 1, 0), ENOTSOCK);
	ck_assert_errno(cmio_send(&writer, &byte, 1, 0), ENOTSOCK);
	ck_assert_errno(cmio_sendto(&writer, &byte, 1, 0, &addr), ENOTSOCK);
	ck_assert_errno(cmio_accept(&reader, &other, NULL), ENOTSOCK);
	ck_assert_errno(cmio_connect(&reader, &addr), ENOTSOCK);
	ck_assert_errno(cmio_bind(&reader, &addr), ENOTSOCK);
	close_sources(&reader, &writer);
}
END_TEST

START_TEST(wrong_arguments_are_errors)
{
	struct cmio_source source = CMIO_SOURCE(-5);

	ck_assert_errno(cmio_pipe(NULL, &source), EINVAL);
	ck_assert_errno(cmio_pipe(&source, NULL), EINVAL);
	ck_assert(source.fd == (cmio_fd)-5);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(pipe_carries_bytes),
	EACH_SELECTOR(full_pipe_is_writable_when_it_was_read),
	EACH_SELECTOR(writer_that_closes_makes_reader_read_closed),
	EACH_SELECTOR(reader_that_closes_makes_writer_write_closed),
	EACH_SELECTOR(reader_that_closes_makes_full_writer_writable),
	EACH_SELECTOR(pipes_of_a_child_are_sources),
	ONCE(nonblocking_is_set_and_reset),
	ONCE(what_only_sockets_do_is_enotsock),
	ONCE(wrong_arguments_are_errors),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "pipe", tests);
}
