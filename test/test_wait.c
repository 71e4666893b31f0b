/* SPDX-License-Identifier: MIT */
/* cmio_poll_wait(3). */
#include "harness.h"

#include <string.h>
#include <unistd.h>

START_TEST(byte_in_pipe_makes_reader_readable)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader;
	int fds[2];

	ck_assert_ok(pipe(fds));
	cmio_source_init(&reader, fds[0]);
	ck_assert_ok(cmio_register(poll, &reader, 42, CMIO_READABLE));
	expect_nothing(poll);
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	expect_event(poll, 42, CMIO_READABLE);
	ck_assert_ok(cmio_deregister(poll, &reader));
	close(fds[0]);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(byte_in_pipe_makes_reader_readable),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "wait", tests);
}
