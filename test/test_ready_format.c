/* SPDX-License-Identifier: MIT */
/* cmio_ready_format(3). */
#include "harness.h"

#include <string.h>

static void
expect(unsigned int ready, const char *text)
{
	char buf[200];

	ck_assert_int_eq(cmio_ready_format(ready, buf, sizeof(buf)),
	    (int)strlen(text));
	ck_assert_str_eq(buf, text);
}

START_TEST(each_bit_has_its_name)
{
	expect(CMIO_READABLE, "READABLE");
	expect(CMIO_WRITABLE, "WRITABLE");
	expect(CMIO_PRIORITY, "PRIORITY");
	expect(CMIO_AIO, "AIO");
	expect(CMIO_LIO, "LIO");
	expect(CMIO_ERROR, "ERROR");
	expect(CMIO_READ_CLOSED, "READ_CLOSED");
	expect(CMIO_WRITE_CLOSED, "WRITE_CLOSED");
	expect(CMIO_LEVEL, "LEVEL");
	expect(CMIO_ONESHOT, "ONESHOT");
	expect(CMIO_EXCLUSIVE, "EXCLUSIVE");
}
END_TEST

START_TEST(bars_stand_between_names)
{
	expect(CMIO_READABLE | CMIO_READ_CLOSED, "READABLE | READ_CLOSED");
	expect(CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY | CMIO_AIO |
	    CMIO_LIO, "READABLE | WRITABLE | PRIORITY | AIO | LIO");
}
END_TEST

START_TEST(nothing_is_the_empty_text)
{
	expect(0, "");
}
END_TEST

START_TEST(unknown_bits_are_a_number)
{
	expect(0x80000000u, "0x80000000");
	expect(CMIO_ERROR | 0x40000000u, "ERROR | 0x40000000");
}
END_TEST

START_TEST(short_buffer_is_filled_and_ended)
{
	char buf[10] = "123456789";

	ck_assert_int_eq(cmio_ready_format(CMIO_WRITABLE, buf, 5), 8);
	ck_assert_str_eq(buf, "WRIT");
	ck_assert_int_eq(buf[5], '6');
	ck_assert_int_eq(cmio_ready_format(CMIO_WRITABLE, buf, 8), 8);
	ck_assert_str_eq(buf, "WRITABL");
	ck_assert_int_eq(cmio_ready_format(CMIO_WRITABLE, buf, 9), 8);
	ck_assert_str_eq(buf, "WRITABLE");
	ck_assert_int_eq(cmio_ready_format(CMIO_WRITABLE, buf, 1), 8);
	ck_assert_str_eq(buf, "");
}
END_TEST

START_TEST(no_buffer_only_measures)
{
	char c = 'c';

	ck_assert_int_eq(cmio_ready_format(CMIO_READABLE, NULL, 0), 8);
	ck_assert_int_eq(cmio_ready_format(CMIO_READABLE, &c, 0), 8);
	ck_assert_int_eq(c, 'c');
	ck_assert_errno(cmio_ready_format(CMIO_READABLE, NULL, 1), EINVAL);
}
END_TEST

static const struct test tests[] = {
	ONCE(each_bit_has_its_name),
	ONCE(bars_stand_between_names),
	ONCE(nothing_is_the_empty_text),
	ONCE(unknown_bits_are_a_number),
	ONCE(short_buffer_is_filled_and_ended),
	ONCE(no_buffer_only_measures),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "ready_format", tests);
}
