/* SPDX-License-Identifier: MIT */
/* The table by descriptor: which source is the last of its number. */
#include "harness.h"

#include "port/kind.h"
#include "selector/fd_table.h"

static void
enter(struct fd_table *table, struct cmio_source *source)
{
	ck_assert_int_eq(cmio__fd_reserve(table, source->fd), 0);
	cmio__fd_register(table, source);
}

START_TEST(later_registration_of_a_number_takes_its_place)
{
	struct fd_table table = { 0 };
	struct cmio_source old = CMIO_SOURCE(5), new = CMIO_SOURCE(5);
	struct cmio_source other = CMIO_SOURCE(6), never = CMIO_SOURCE(5);

	enter(&table, &old);
	enter(&table, &other);
	ck_assert_ptr_eq(cmio__fd_current(&table, &old),
	    cmio__fd_find(&table, 5));
	enter(&table, &new);
	ck_assert_ptr_null(cmio__fd_current(&table, &old));
	ck_assert_ptr_nonnull(cmio__fd_current(&table, &new));
	ck_assert_ptr_nonnull(cmio__fd_current(&table, &other));
	ck_assert_ptr_null(cmio__fd_current(&table, &never));
	cmio__fd_table_free(&table);
}
END_TEST

START_TEST(number_of_the_polls_own_is_of_no_source)
{
	struct fd_table table = { 0 };
	struct cmio_source source = CMIO_SOURCE(5), next = CMIO_SOURCE(5);

	enter(&table, &source);
	cmio__fd_claim(&table, 5);
	cmio__fd_claim(&table, 5000);
	ck_assert_ptr_null(cmio__fd_current(&table, &source));
	enter(&table, &next);
	ck_assert_ptr_nonnull(cmio__fd_current(&table, &next));
	ck_assert_ptr_null(cmio__fd_current(&table, &source));
	cmio__fd_table_free(&table);
}
END_TEST

START_TEST(every_number_has_an_entry_of_its_own)
{
	enum { NUMBERS = 5000 };
	static struct cmio_source old[NUMBERS], new[NUMBERS];
	struct fd_table table = { 0 };
	int fd;

	for (fd = 0; fd < NUMBERS; fd++) {
		cmio_source_init(&old[fd], fd);
		enter(&table, &old[fd]);
	}
	for (fd = 0; fd < NUMBERS; fd += 2) {
		cmio_source_init(&new[fd], fd);
		enter(&table, &new[fd]);
	}
	for (fd = 0; fd < NUMBERS; fd++)
		ck_assert_int_eq(cmio__fd_current(&table, &old[fd]) == NULL,
		    fd % 2 == 0);
	cmio__fd_table_free(&table);
}
END_TEST

/* No source was registered under a number that has no entry. */
START_TEST(number_without_an_entry_is_of_no_source)
{
	struct fd_table table = { 0 };
	struct cmio_source source = CMIO_SOURCE(0), none = CMIO_SOURCE(-1);
	struct cmio_source large = CMIO_SOURCE(1 << 20);

	ck_assert_ptr_null(cmio__fd_find(&table, 0));
	ck_assert_ptr_null(cmio__fd_current(&table, &source));
	enter(&table, &source);
	ck_assert_ptr_null(cmio__fd_current(&table, &none));
	ck_assert_ptr_null(cmio__fd_current(&table, &large));
	cmio__fd_table_free(&table);
}
END_TEST

START_TEST(generation_leaves_the_rest_of_kind_as_it_is)
{
	struct fd_table table = { 0 };
	struct cmio_source source = CMIO_SOURCE(7);
	unsigned int i;

	source.kind = KIND_PIPE;
	cmio__kind_set_generation(&source, UINT32_MAX);
	ck_assert_int_eq(cmio__fd_reserve(&table, 7), 0);
	cmio__fd_find(&table, 7)->generation =
	    cmio__kind_generation(&source) - 2;
	for (i = 0; i < 5; i++) {
		cmio__fd_register(&table, &source);
		ck_assert_ptr_nonnull(cmio__fd_current(&table, &source));
		ck_assert_uint_eq(source.kind & KIND_WAY, KIND_PIPE);
	}
	cmio__fd_table_free(&table);
}
END_TEST

/* Eight bytes a number, and the numbers are rounded up by little. */
START_TEST(table_takes_eight_bytes_a_number)
{
	struct fd_table table = { 0 };

	ck_assert_uint_eq(sizeof(*table.entries), 8);
	ck_assert_int_eq(cmio__fd_reserve(&table, 0), 0);
	ck_assert_int_le(table.room, 64);
	ck_assert_int_eq(cmio__fd_reserve(&table, 9999), 0);
	ck_assert_int_le(table.room, 10000 + 64);
	cmio__fd_table_free(&table);
}
END_TEST

static const struct test tests[] = {
	ONCE(later_registration_of_a_number_takes_its_place),
	ONCE(number_of_the_polls_own_is_of_no_source),
	ONCE(every_number_has_an_entry_of_its_own),
	ONCE(number_without_an_entry_is_of_no_source),
	ONCE(generation_leaves_the_rest_of_kind_as_it_is),
	ONCE(table_takes_eight_bytes_a_number),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "fd_table", tests);
}
