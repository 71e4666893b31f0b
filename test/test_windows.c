/* SPDX-License-Identifier: MIT */
/* What can be provoked on Windows alone. */
#include "harness.h"

#include <winsock2.h>
#include <windows.h>

#include "plain.h"

enum { R = CMIO_READABLE, MOST_HANDLES = 10000 };

static HANDLE
duplicate(HANDLE handle)
{
	HANDLE self = GetCurrentProcess(), copy;

	ck_assert(DuplicateHandle(self, handle, self, &copy, 0, FALSE,
	    DUPLICATE_SAME_ACCESS));
	return copy;
}

/* Copies a handle until the copy has the number of one that was closed. */
static void
duplicate_to(HANDLE handle, HANDLE number)
{
	static HANDLE copies[MOST_HANDLES];
	int n = 0;

	while ((copies[n] = duplicate(handle)) != number)
		ck_assert_int_lt(++n, MOST_HANDLES);
	while (n-- > 0)
		CloseHandle(copies[n]);
}

/* The completion port is away for a moment. */
START_TEST(wake_that_failed_is_made_up_for_by_the_next)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event event;
	HANDLE port, copy;

	ck_assert_ok(cmio_user_event_add(poll, &event, 1));
	port = (HANDLE)cmio_poll_fd(poll);
	copy = duplicate(port);
	CloseHandle(port);
	ck_assert_errno(cmio_user_event_trigger(&event), EBADF);
	ck_assert_errno(cmio_user_event_trigger(&event), EBADF);
	duplicate_to(copy, port);
	CloseHandle(copy);
	ck_assert_int_eq(cmio_user_event_trigger(&event), 1);
	ck_assert_int_eq(cmio_user_event_trigger(&event), 0);
	expect_event(poll, 1, R);
	ck_assert_ok(cmio_user_event_remove(&event));
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(wake_that_failed_is_made_up_for_by_the_next),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "windows", tests);
}
