/* SPDX-License-Identifier: MIT */
/* What both libraries are made of: wake descriptors, stamps. */
#include "harness.h"

#include <poll.h>
#include <unistd.h>

#include "plain.h"
#include "port/wakefd.h"
#include "selector/recent.h"

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

START_TEST(later_addition_of_a_descriptor_is_noticed)
{
	struct recent recent = { 0 };
	struct cmio_source old = CMIO_SOURCE(5), new = CMIO_SOURCE(5);
	struct cmio_source zero = CMIO_SOURCE(0);
	struct cmio_source other = CMIO_SOURCE(5 + RECENT_SLOTS);

	recent_note(&recent, &zero);
	recent_note(&recent, &old);
	ck_assert(!recent_superseded(&recent, &zero));
	ck_assert(!recent_superseded(&recent, &old));
	recent_note(&recent, &new);
	ck_assert(recent_superseded(&recent, &old));
	ck_assert(!recent_superseded(&recent, &new));
	/* One of the same slot: what was is forgotten, not mistaken. */
	recent_note(&recent, &other);
	ck_assert(!recent_superseded(&recent, &new));
	ck_assert(!recent_superseded(&recent, &other));
}
END_TEST

START_TEST(addition_is_noticed_whatever_else_was_added_since)
{
	struct recent recent = { 0 };
	struct cmio_source old = CMIO_SOURCE(5), new = CMIO_SOURCE(5);
	struct cmio_source other;
	int fd, turn;

	recent_note(&recent, &old);
	recent_note(&recent, &new);
	for (turn = 0; turn < 3; turn++)
		for (fd = 0; fd < RECENT_SLOTS; fd++) {
			cmio_source_init(&other, fd);
			if (fd != 5)
				recent_note(&recent, &other);
		}
	ck_assert(recent_superseded(&recent, &old));
	ck_assert(!recent_superseded(&recent, &new));
}
END_TEST

START_TEST(descriptor_too_large_for_a_slot_is_taken_for_no_other)
{
	struct recent recent = { 0 };
	struct cmio_source small = CMIO_SOURCE(5);
	struct cmio_source large = CMIO_SOURCE(5 + RECENT_LIMIT);
	struct cmio_source largest = CMIO_SOURCE(RECENT_LIMIT - 1);

	recent_note(&recent, &small);
	recent_note(&recent, &large);
	ck_assert(!recent_superseded(&recent, &small));
	recent_note(&recent, &small);
	ck_assert(!recent_superseded(&recent, &large));
	recent_note(&recent, &largest);
	ck_assert(!recent_superseded(&recent, &largest));
}
END_TEST

START_TEST(stamp_leaves_the_rest_of_kind_alone)
{
	struct recent recent = { 0 };
	struct cmio_source source = CMIO_SOURCE(7);
	int i;

	source.kind = KIND_PIPE | KIND_EXCLUSIVE;
	for (i = 0; i < 3 << 20; i++)
		recent_note(&recent, &source);
	ck_assert_uint_eq(source.kind & ((1u << KIND__GENERATION) - 1),
	    KIND_PIPE | KIND_EXCLUSIVE);
	ck_assert(!recent_superseded(&recent, &source));
}
END_TEST

static const struct test tests[] = {
	ONCE(wake_descriptor_is_readable_until_drained),
	ONCE(full_pipe_is_signalled_all_the_same),
	ONCE(full_counter_is_signalled_all_the_same),
	ONCE(later_addition_of_a_descriptor_is_noticed),
	ONCE(addition_is_noticed_whatever_else_was_added_since),
	ONCE(descriptor_too_large_for_a_slot_is_taken_for_no_other),
	ONCE(stamp_leaves_the_rest_of_kind_alone),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "port", tests);
}
