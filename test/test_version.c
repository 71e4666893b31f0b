/* SPDX-License-Identifier: MIT */
/* The version, and the sizes and offsets of the ABI. */
#include "harness.h"

#include <stddef.h>
#include <stdio.h>

static const struct cmio_source initialised = CMIO_SOURCE(3);

_Static_assert(sizeof(void *) != 8 || sizeof(cmio_fd) != 4 ||
    sizeof(struct cmio_source) == 16, "a source is 16 bytes");
_Static_assert(sizeof(struct cmio_event) == sizeof(uintptr_t) + 8,
    "an event is a token and 8 bytes");
_Static_assert(sizeof(struct cmio_user_event) == 4 * sizeof(void *),
    "a user event is four words");
_Static_assert(offsetof(struct cmio_source, fd) == 0, "fd comes first");
_Static_assert(offsetof(struct cmio_event, token) == 0,
    "token comes first");

START_TEST(library_and_header_are_of_one_version)
{
	char text[20];

	ck_assert_str_eq(cmio_version(), CMIO_VERSION);
	ck_assert_str_eq(cmio_version(), PACKAGE_VERSION);
	snprintf(text, sizeof(text), "%d.%d.%d",
	    CMIO_VERSION_NUMBER >> 16 & 0xff, CMIO_VERSION_NUMBER >> 8 & 0xff,
	    CMIO_VERSION_NUMBER & 0xff);
	ck_assert_str_eq(text, CMIO_VERSION);
}
END_TEST

START_TEST(source_is_a_constant_expression)
{
	ck_assert_int_eq(initialised.fd, 3);
	ck_assert_ptr_null(initialised.state);
}
END_TEST

START_TEST(bits_do_not_overlap)
{
	static const unsigned int bits[] = {
		CMIO_READABLE, CMIO_WRITABLE, CMIO_PRIORITY, CMIO_AIO,
		CMIO_LIO, CMIO_ERROR, CMIO_READ_CLOSED, CMIO_WRITE_CLOSED,
		CMIO_LEVEL, CMIO_ONESHOT, CMIO_EXCLUSIVE
	};
	unsigned int all = 0;
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		ck_assert_uint_ne(bits[i], 0);
		ck_assert_uint_eq(bits[i] & (bits[i] - 1), 0);
		ck_assert_uint_eq(bits[i] & all, 0);
		all |= bits[i];
	}
}
END_TEST

static const struct test tests[] = {
	ONCE(library_and_header_are_of_one_version),
	ONCE(source_is_a_constant_expression),
	ONCE(bits_do_not_overlap),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "version", tests);
}
