/* SPDX-License-Identifier: MIT */
/* Wake descriptors of lib/port. */
#include "harness.h"

#include <poll.h>
#include <unistd.h>

#include "plain.h"
#include "port/wakefd.h"

static bool
readable(const struct wakefd *wakefd)
{
	struct pollfd p = { .fd = wakefd->fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void
signal_and_drain(struct wakefd *wakefd, int times)
{
	int i;

	ck_assert(!readable(wakefd));
	for (i = 0; i < times; i++)
		ck_assert_int_eq(cmio__wakefd_wake(wakefd), 0);
	ck_assert(readable(wakefd));
	cmio__wakefd_drain(wakefd);
	ck_assert(!readable(wakefd));
}

START_TEST(wake_descriptor_is_readable_until_drained)
{
	struct wakefd wakefd = WAKEFD_CLOSED;

	ck_assert_int_eq(cmio__wakefd_open(&wakefd), 0);
	signal_and_drain(&wakefd, 1);
	signal_and_drain(&wakefd, 100);
	cmio__wakefd_close(&wakefd);
	cmio__wakefd_close(&wakefd);
}
END_TEST

START_TEST(full_pipe_is_signalled_all_the_same)
{
	struct wakefd wakefd = WAKEFD_CLOSED;

	ck_assert_int_eq(cmio__wakefd_pipe(&wakefd), 0);
	signal_and_drain(&wakefd, 1);
	signal_and_drain(&wakefd, 20000);
	cmio__wakefd_close(&wakefd);
}
END_TEST

/* Who waits for an edge sees none if nothing can be written. */
START_TEST(wake_of_a_full_pipe_empties_it_first)
{
	struct wakefd wakefd = WAKEFD_CLOSED;
	char byte = 0;

	ck_assert_int_eq(cmio__wakefd_pipe(&wakefd), 0);
	while (write(wakefd.write_fd, &byte, 1) == 1)
		continue;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(cmio__wakefd_wake(&wakefd), 0);
	ck_assert(readable(&wakefd));
	ck_assert_uint_eq(cmio__wakefd_take(&wakefd), 1);
	cmio__wakefd_close(&wakefd);
}
END_TEST

START_TEST(full_counter_is_signalled_all_the_same)
{
	const uint64_t most = UINT64_MAX - 1;
	struct wakefd wakefd = WAKEFD_CLOSED;
	bool counts;

	ck_assert_int_eq(cmio__wakefd_open(&wakefd), 0);
	counts = wakefd.fd == wakefd.write_fd;
	if (counts) {
		ck_assert_int_eq(write(wakefd.fd, &most, sizeof(most)),
		    sizeof(most));
		errno = ENOTTY;
		ck_assert_int_eq(cmio__wakefd_wake(&wakefd), 0);
		ck_assert_int_eq(errno, ENOTTY);
		ck_assert(readable(&wakefd));
		cmio__wakefd_drain(&wakefd);
		ck_assert(!readable(&wakefd));
	}
	cmio__wakefd_close(&wakefd);
	if (!counts)
		skip("a pipe wakes here");
}
END_TEST

static const struct test tests[] = {
	ONCE(wake_descriptor_is_readable_until_drained),
	ONCE(full_pipe_is_signalled_all_the_same),
	ONCE(wake_of_a_full_pipe_empties_it_first),
	ONCE(full_counter_is_signalled_all_the_same),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "port", tests);
}
