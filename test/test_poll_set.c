/* SPDX-License-Identifier: MIT */
/* The array that poll(2) reads: its room, and changes while it is lent. */
#include "harness.h"

#include <poll.h>
#include <stdlib.h>

#include "selector/poll/set.h"

enum { MANY = 100, WAKE_FD = 1000 };

static struct entry *
new_entry(int fd)
{
	struct entry *e = calloc(1, sizeof(*e));

	ck_assert_ptr_nonnull(e);
	e->record.fd = fd;
	e->record.interest = e->record.armed = CMIO_READABLE;
	return e;
}

static struct entry *
added(struct set *set, int fd)
{
	struct entry *e = new_entry(fd);

	ck_assert_int_eq(cmio__set_reserve(set), 0);
	/* There is room before it is used. */
	ck_assert_uint_lt(set->n, set->room);
	cmio__set_add(set, e);
	return e;
}

static void
gone(struct set *set, struct entry *e)
{
	cmio__set_remove(set, e);
	cmio__set_free(e);
}

START_TEST(array_has_room_for_each_that_is_added)
{
	struct set set = { 0 };
	struct entry *entries[MANY];
	int i;

	ck_assert_int_eq(cmio__set_open(&set, WAKE_FD), 0);
	for (i = 0; i < MANY; i++)
		entries[i] = added(&set, i);
	ck_assert_int_eq(set.fds[0].fd, WAKE_FD);
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(set.fds[entries[i]->slot].fd, i);
		ck_assert_ptr_eq(set.entries[entries[i]->slot], entries[i]);
	}
	for (i = 0; i < MANY; i += 2)
		gone(&set, entries[i]);
	ck_assert_uint_eq(set.n, 1 + MANY / 2);
	for (i = 1; i < MANY; i += 2) {
		ck_assert_int_eq(set.fds[entries[i]->slot].fd, i);
		gone(&set, entries[i]);
	}
	ck_assert_uint_eq(set.n, 1);
	cmio__set_close(&set);
}
END_TEST

START_TEST(lent_array_stays_as_it_is)
{
	struct set set = { 0 };
	struct pollfd *fds;
	struct entry *first, *second, *late[MANY];
	int i;

	ck_assert_int_eq(cmio__set_open(&set, WAKE_FD), 0);
	first = added(&set, 10);
	second = added(&set, 20);
	cmio__set_lend(&set);
	fds = set.fds;
	for (i = 0; i < MANY; i++)
		late[i] = added(&set, 100 + i);
	first->record.armed = 0;
	cmio__set_update(&set, first);
	ck_assert_ptr_eq(set.fds, fds);
	ck_assert_int_ne(fds[1].events & POLLIN, 0);
	/* What the kernel writes is still there afterwards. */
	fds[2].revents = POLLIN;
	cmio__set_take_back(&set);
	ck_assert_int_eq(set.fds[1].events & POLLIN, 0);
	ck_assert_int_eq(set.fds[second->slot].revents, POLLIN);
	cmio__set_settle(&set);
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(set.fds[late[i]->slot].fd, 100 + i);
		gone(&set, late[i]);
	}
	gone(&set, first);
	gone(&set, second);
	cmio__set_close(&set);
}
END_TEST

/* What the kernel has found is read by slot. */
START_TEST(slots_do_not_move_before_all_is_settled)
{
	struct set set = { 0 };
	struct entry *first, *second, *third;

	ck_assert_int_eq(cmio__set_open(&set, WAKE_FD), 0);
	first = added(&set, 10);
	second = added(&set, 20);
	third = added(&set, 30);
	cmio__set_lend(&set);
	gone(&set, first);
	ck_assert(first->leaving);
	cmio__set_take_back(&set);
	ck_assert_uint_eq(third->slot, 3);
	/* A descriptor that was found closed. */
	cmio__set_remove(&set, second);
	ck_assert(second->leaving);
	ck_assert_uint_eq(third->slot, 3);
	ck_assert_ptr_eq(set.entries[2], second);
	cmio__set_settle(&set);
	ck_assert_uint_eq(set.n, 2);
	ck_assert_uint_eq(third->slot, 1);
	ck_assert_int_eq(set.fds[1].fd, 30);
	ck_assert(!second->leaving);
	cmio__set_free(second);
	gone(&set, third);
	cmio__set_close(&set);
}
END_TEST

static const struct test tests[] = {
	ONCE(array_has_room_for_each_that_is_added),
	ONCE(lent_array_stays_as_it_is),
	ONCE(slots_do_not_move_before_all_is_settled),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "poll_set", tests);
}
