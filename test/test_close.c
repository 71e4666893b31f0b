/* SPDX-License-Identifier: MIT */
/* cmio_close(3): nothing of the source is left. */
#include "sockets.h"

#include <poll.h>
#include <unistd.h>

#include "descriptors.h"
#include "usage.h"

enum { TOKEN = 3 };
/* What comes and goes, after how much of it to look, and kB that may stay. */
enum { PAIRS = 3000, SETTLED_AFTER = 200, KEPT = 128 };

START_TEST(closing_twice_is_ebadf)
{
	struct cmio_source source;

	udp_bind(&source);
	ck_assert_ok(cmio_close(&source));
	ck_assert_int_eq(source.fd, CMIO_FD_NONE);
	ck_assert_errno(cmio_close(&source), EBADF);
	ck_assert_errno(cmio_close(NULL), EINVAL);
}
END_TEST

START_TEST(descriptor_closed_already_is_ebadf)
{
	struct cmio_source source;

	udp_bind(&source);
	close(source.fd);
	ck_assert_errno(cmio_close(&source), EBADF);
	ck_assert_int_eq(source.fd, CMIO_FD_NONE);
}
END_TEST

START_TEST(closing_deregisters)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];

	tcp_pair(&pair[0], &pair[1]);
	ck_assert_ok(cmio_register(poll, &pair[0], TOKEN, CMIO_READABLE));
	write_text(&pair[1], "x");
	ck_assert_ok(cmio_close(&pair[0]));
	ck_assert_ptr_null(pair[0].state);
	expect_nothing(poll);
	ck_assert_ok(cmio_close(&pair[1]));
	cmio_poll_unref(poll);
}
END_TEST

/* A duplicate keeps the file open, but not the registration. */
START_TEST(closed_source_with_a_duplicate_is_silent)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2], copy;

	tcp_pair(&pair[0], &pair[1]);
	ck_assert_ok(cmio_register(poll, &pair[0], TOKEN, CMIO_READABLE));
	cmio_source_init(&copy, dup(pair[0].fd));
	ck_assert_ok(cmio_close(&pair[0]));
	write_text(&pair[1], "x");
	expect_nothing(poll);
	expect_bytes(&copy, "x");
	close_sources(&copy, &pair[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* With cmio_release_unshared() and close(2). */
START_TEST(released_as_unshared_and_closed_is_forgotten)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2], other[2];
	cmio_fd fd;

	tcp_pair(&pair[0], &pair[1]);
	fd = pair[0].fd;
	ck_assert_ok(cmio_register(poll, &pair[0], TOKEN, CMIO_READABLE));
	write_text(&pair[1], "x");
	ck_assert_int_eq(cmio_release_unshared(&pair[0]), fd);
	ck_assert_ptr_null(pair[0].state);
	ck_assert_errno(cmio_release_unshared(&pair[0]), EBADF);
	close(fd);
	expect_nothing(poll);

	/* On Unix one of these gets the number. */
	tcp_pair(&other[0], &other[1]);
	ck_assert_ok(cmio_register(poll, &other[0], 1, CMIO_WRITABLE));
	ck_assert_ok(cmio_register(poll, &other[1], 2, CMIO_READABLE));
	expect_event(poll, 1, CMIO_WRITABLE);
	write_text(&other[0], "x");
	expect_event(poll, 2, CMIO_READABLE);
	close_sources(&other[0], &other[1]);
	ck_assert_ok(cmio_close(&pair[1]));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(source_may_be_closed_after_its_poll)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source pair[2];

	tcp_pair(&pair[0], &pair[1]);
	ck_assert_ok(cmio_register(poll, &pair[0], 1, CMIO_READABLE));
	ck_assert_ok(cmio_register(poll, &pair[1], 2, CMIO_READABLE));
	cmio_poll_unref(poll);
	ck_assert_ok(cmio_close(&pair[0]));
	close(cmio_release_unshared(&pair[1]));
}
END_TEST

/* Registered, so that EAGAIN rearms; then the poll is freed. */
START_TEST(source_works_after_its_poll)
{
	struct cmio_poll *set = open_selector(_i);
	struct cmio_source pair[2];
	struct pollfd p = { .events = POLLIN };
	char byte;

	tcp_pair(&pair[0], &pair[1]);
	ck_assert_ok(cmio_register(set, &pair[0], TOKEN, CMIO_READABLE));
	cmio_poll_unref(set);
	expect_would_block(cmio_read(&pair[0], &byte, 1));
	write_text(&pair[1], "x");
	p.fd = pair[0].fd;
	ck_assert_int_eq(poll(&p, 1, (int)(LONG_TIME / MSEC)), 1);
	ck_assert_int_eq(cmio_read(&pair[0], &byte, 1), 1);
	close_sources(&pair[0], &pair[1]);
}
END_TEST

/* Transfers a byte by a pair that is closed then. */
static void
use_pair(struct cmio_poll *poll, void (*make)(struct cmio_source pair[2]))
{
	struct cmio_source pair[2];

	make(pair);
	ck_assert_ok(cmio_register(poll, &pair[0], TOKEN, CMIO_READABLE));
	ck_assert_ok(cmio_register(poll, &pair[1], TOKEN, CMIO_WRITABLE));
	write_text(&pair[1], "x");
	wait_for(poll, TOKEN, CMIO_READABLE);
	expect_bytes(&pair[0], "x");
	close_sources(&pair[0], &pair[1]);
}

static void
use_pairs(int selector, void (*make)(struct cmio_source pair[2]))
{
	struct cmio_poll *poll = open_selector(selector);
	long memory = 0;
	int descriptors = 0, i;

	for (i = 0; i < PAIRS; i++) {
		/* The first look takes memory itself. */
		if (i == 0 || i == SETTLED_AFTER) {
			descriptors = open_descriptors();
			memory = memory_used();
		}
		use_pair(poll, make);
	}
	ck_assert_int_eq(open_descriptors(), descriptors);
	ck_assert_int_le(memory_used() - memory, KEPT);
	cmio_poll_unref(poll);
}

static void
make_sockets(struct cmio_source pair[2])
{
	tcp_pair(&pair[0], &pair[1]);
}

static void
make_pipe(struct cmio_source pair[2])
{
	ck_assert_ok(cmio_pipe(&pair[0], &pair[1]));
}

START_TEST(thousands_of_sockets_leave_nothing)
{
	use_pairs(_i, make_sockets);
}
END_TEST

START_TEST(thousands_of_pipes_leave_nothing)
{
	use_pairs(_i, make_pipe);
}
END_TEST

static const struct test tests[] = {
	ONCE(closing_twice_is_ebadf),
	ONCE(descriptor_closed_already_is_ebadf),
	EACH_SELECTOR(closing_deregisters),
	EACH_SELECTOR(closed_source_with_a_duplicate_is_silent),
	EACH_SELECTOR(released_as_unshared_and_closed_is_forgotten),
	EACH_SELECTOR(source_may_be_closed_after_its_poll),
	EACH_SELECTOR(source_works_after_its_poll),
	EACH_SELECTOR(thousands_of_sockets_leave_nothing),
	EACH_SELECTOR(thousands_of_pipes_leave_nothing),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "close", tests);
}
