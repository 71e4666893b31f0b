/* SPDX-License-Identifier: MIT */
/* cmio_poll_new(3): polls, their names, their references. */
#include "harness.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

START_TEST(list_of_selectors_has_names_and_an_end)
{
	const char *const *names = cmio_selectors();
	int n;

	ck_assert_ptr_nonnull(names[0]);
	for (n = 0; names[n] != NULL; n++)
		ck_assert_uint_gt(strlen(names[n]), 0);
	ck_assert_ptr_eq(cmio_selectors(), names);
}
END_TEST

START_TEST(null_opens_the_first_selector_of_the_list)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);

	ck_assert_ptr_nonnull(poll);
	ck_assert_str_eq(cmio_poll_selector(poll), cmio_selectors()[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(poll_tells_the_name_it_was_opened_with)
{
	struct cmio_poll *poll = open_selector(_i);

	ck_assert_str_eq(cmio_poll_selector(poll), selector_name(_i));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(unknown_selector_is_enotsup)
{
	errno = 0;
	ck_assert_ptr_null(cmio_poll_new("no such"));
	ck_assert_int_eq(errno, ENOTSUP);
	errno = 0;
	ck_assert_ptr_null(cmio_poll_new(""));
	ck_assert_int_eq(errno, ENOTSUP);
}
END_TEST

START_TEST(poll_without_sources_returns_when_the_time_is_up)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_event event;

	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 5 * MSEC), 0);
	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(two_thousand_polls_use_up_nothing)
{
	struct cmio_event event;
	struct cmio_poll *poll;
	int i;

	for (i = 0; i < 2000; i++) {
		poll = open_selector(_i);
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
		cmio_poll_unref(poll);
	}
}
END_TEST

START_TEST(unref_of_null_does_nothing)
{
	cmio_poll_unref(NULL);
}
END_TEST

START_TEST(poll_lives_until_its_last_unref)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader;
	int fds[2];

	plain_pipe(fds);
	ck_assert_ptr_eq(cmio_poll_ref(poll), poll);
	cmio_poll_unref(poll);
	add(poll, &reader, fds[0], 1, CMIO_READABLE);
	plain_put(fds[1]);
	expect_event(poll, 1, CMIO_READABLE);
	removed(poll, &reader);
	cmio_poll_unref(poll);
	plain_close(fds);
}
END_TEST

START_TEST(descriptor_of_poll_is_close_on_exec_or_enotsup)
{
	struct cmio_poll *poll = open_selector(_i);
	cmio_fd fd;

	errno = 0;
	fd = cmio_poll_fd(poll);
	if (fd == CMIO_FD_NONE)
		ck_assert_int_eq(errno, ENOTSUP);
	else
		ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(cmio_poll_fd(poll), fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(every_descriptor_of_a_poll_is_close_on_exec)
{
	struct cmio_user_event event;
	struct cmio_poll *poll;
	int before[256], fd;

	for (fd = 0; fd < 256; fd++)
		before[fd] = fcntl(fd, F_GETFD);
	poll = open_selector(_i);
	ck_assert_ok(cmio_user_event_add(poll, &event, 1));
	for (fd = 0; fd < 256; fd++)
		if (before[fd] == -1 && fcntl(fd, F_GETFD) != -1)
			ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_ok(cmio_user_event_remove(&event));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(poll_in_a_poll_is_readable_when_it_has_events)
{
	struct cmio_poll *inner, *outer;
	struct cmio_source source, reader;
	int fds[2];

	skip_on(_i, "libkqueue", NO_NESTING);
	inner = open_selector(_i);
	if (cmio_poll_fd(inner) == CMIO_FD_NONE) {
		cmio_poll_unref(inner);
		skip("this selector has no descriptor");
	}
	outer = open_selector(_i);
	plain_pipe(fds);
	add(outer, &source, cmio_poll_fd(inner), 7, CMIO_READABLE);
	add(inner, &reader, fds[0], 8, CMIO_READABLE);
	expect_nothing(outer);
	plain_put(fds[1]);
	expect_event(outer, 7, CMIO_READABLE);
	expect_event(inner, 8, CMIO_READABLE);
	removed(inner, &reader);
	removed(outer, &source);
	cmio_poll_unref(inner);
	cmio_poll_unref(outer);
	plain_close(fds);
}
END_TEST

/* Linux allows five now, six before 5.11, seven for a time after. */
START_TEST(polls_on_epoll_in_a_circle_or_too_deep_are_eloop)
{
	enum { FEWEST = 5, MOST = 20 };
	struct cmio_poll *polls[MOST];
	struct cmio_source inner[MOST], circle;
	int n;

	if (strcmp(selector_name(_i), "epoll") != 0)
		skip("only epoll looks into its descriptors");
	polls[0] = open_selector(_i);
	for (n = 1; n < MOST; n++) {
		polls[n] = open_selector(_i);
		cmio_source_init(&inner[n], cmio_poll_fd(polls[n - 1]));
		if (cmio_register(polls[n], &inner[n], 0, CMIO_READABLE) == -1)
			break;
	}
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_ge(n, FEWEST);
	ck_assert_int_lt(n, MOST);
	cmio_source_init(&circle, cmio_poll_fd(polls[1]));
	ck_assert_errno(cmio_register(polls[0], &circle, 0, CMIO_READABLE),
	    ELOOP);
	cmio_poll_unref(polls[n]);
	while (--n > 0) {
		removed(polls[n], &inner[n]);
		cmio_poll_unref(polls[n]);
	}
	cmio_poll_unref(polls[0]);
}
END_TEST

static const struct test tests[] = {
	ONCE(list_of_selectors_has_names_and_an_end),
	ONCE(null_opens_the_first_selector_of_the_list),
	EACH_SELECTOR(poll_tells_the_name_it_was_opened_with),
	ONCE(unknown_selector_is_enotsup),
	EACH_SELECTOR(poll_without_sources_returns_when_the_time_is_up),
	EACH_SELECTOR(two_thousand_polls_use_up_nothing),
	ONCE(unref_of_null_does_nothing),
	EACH_SELECTOR(poll_lives_until_its_last_unref),
	EACH_SELECTOR(descriptor_of_poll_is_close_on_exec_or_enotsup),
	EACH_SELECTOR(every_descriptor_of_a_poll_is_close_on_exec),
	EACH_SELECTOR(poll_in_a_poll_is_readable_when_it_has_events),
	EACH_SELECTOR(polls_on_epoll_in_a_circle_or_too_deep_are_eloop),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "poll", tests);
}
