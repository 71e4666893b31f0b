/* SPDX-License-Identifier: MIT */
/* Descriptors closed with close(2), and the order of freeing. */
#include "harness.h"

#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

START_TEST(poll_may_go_before_its_sources)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_user_event user;
	int fds[2];

	plain_unix_pair(fds);
	add(poll, &a, fds[0], 1, R);
	add(poll, &b, fds[1], 2, R);
	ck_assert_ok(cmio_user_event_add(poll, &user, 3));
	cmio_poll_unref(poll);
	/* The poll exists as long as one of them does. */
	ck_assert_ok(cmio_rearm(&a, R));
	ck_assert_ok(cmio_deregister(NULL, &a));
	ck_assert_ok(cmio_user_event_remove(&user));
	ck_assert_int_eq(cmio_release(&b), fds[1]);
	plain_close(fds);
}
END_TEST

START_TEST(descriptor_closed_behind_the_back_is_gone)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source reader, other;
	int fds[2], others[2];

	plain_pipe(fds);
	plain_pipe(others);
	add(poll, &reader, fds[0], 1, R | CMIO_LEVEL);
	add(poll, &other, others[0], 2, R);
	plain_put(fds[1]);
	close(fds[0]);
	expect_nothing(poll);
	plain_put(others[1]);
	expect_event(poll, 2, R);
	ck_assert_errno(cmio_reregister(poll, &reader, 1, R), EBADF);
	ck_assert_ok(cmio_rearm(&reader, R));
	removed(poll, &reader);
	removed(poll, &other);
	close(fds[1]);
	plain_close(others);
	cmio_poll_unref(poll);
}
END_TEST

/* Closes fds[0], and gives its number to an end of a new pipe. */
static void
reuse_number(int fds[2], int pipe_fds[2])
{
	int number = fds[0];

	close(fds[0]);
	plain_pipe(pipe_fds);
	if (pipe_fds[0] != number) {
		ck_assert_int_eq(dup2(pipe_fds[0], number), number);
		close(pipe_fds[0]);
		pipe_fds[0] = number;
	}
}

/* Not even an edge of the file that has the number now. */
static void
expect_nothing_of_the_other(struct cmio_poll *poll)
{
	/* poll(2) knows numbers alone. */
	if (strcmp(cmio_poll_selector(poll), "poll") == 0)
		return;
	expect_nothing(poll);
	expect_nothing(poll);
}

START_TEST(number_that_another_file_got_is_not_the_old_source)
{
	static const unsigned int triggers[] = { 0, CMIO_LEVEL };
	struct cmio_poll *poll;
	struct cmio_source stale;
	int fds[2], reused[2];
	size_t i;

	skip_on(_i, "libkqueue", NO_CLOSE);
	poll = open_selector(_i);
	for (i = 0; i < 2; i++) {
		plain_pipe(fds);
		add(poll, &stale, fds[0], 1, R | triggers[i]);
		reuse_number(fds, reused);
		plain_put(reused[1]);
		expect_nothing_of_the_other(poll);
		ck_assert_errno(cmio_reregister(poll, &stale, 1, R), ENOENT);
		expect_nothing(poll);
		removed(poll, &stale);
		close(fds[1]);
		plain_close(reused);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(stale_source_does_no_harm_to_the_new_one)
{
	struct cmio_poll *poll;
	struct cmio_source stale, fresh;
	int fds[2], reused[2];

	skip_on(_i, "libkqueue", NO_CLOSE);
	poll = open_selector(_i);
	plain_pipe(fds);
	add(poll, &stale, fds[0], 1, R);
	reuse_number(fds, reused);
	add(poll, &fresh, reused[0], 2, R);
	ck_assert_errno(cmio_reregister(poll, &stale, 3, W), ENOENT);
	removed(poll, &stale);
	plain_put(reused[1]);
	expect_event(poll, 2, R);
	ck_assert_ok(cmio_reregister(poll, &fresh, 4, R));
	expect_event(poll, 4, R);
	removed(poll, &fresh);
	close(fds[1]);
	plain_close(reused);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(stale_source_does_no_harm_after_others_were_added)
{
	enum { OTHERS = 10 };
	struct cmio_poll *poll;
	struct cmio_source stale, fresh, others[OTHERS];
	unsigned short port;
	int fds[2], reused[2], i;

	skip_on(_i, "libkqueue", NO_CLOSE);
	poll = open_selector(_i);
	plain_pipe(fds);
	add(poll, &stale, fds[0], 1, R);
	reuse_number(fds, reused);
	add(poll, &fresh, reused[0], 2, R);
	for (i = 0; i < OTHERS; i++)
		add(poll, &others[i], plain_udp_socket(&port), 3, R);
	removed(poll, &stale);
	plain_put(reused[1]);
	expect_event(poll, 2, R);
	for (i = 0; i < OTHERS; i++) {
		removed(poll, &others[i]);
		close(others[i].fd);
	}
	removed(poll, &fresh);
	close(fds[1]);
	plain_close(reused);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(stale_source_may_go_after_the_new_one)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source stale, fresh;
	int fds[2], reused[2];

	plain_pipe(fds);
	add(poll, &stale, fds[0], 1, R);
	reuse_number(fds, reused);
	add(poll, &fresh, reused[0], 2, R);
	removed(poll, &fresh);
	removed(poll, &stale);
	close(fds[1]);
	plain_close(reused);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(closing_the_original_leaves_a_copy_with_another_poll)
{
	struct cmio_poll *poll = open_selector(_i), *second;
	struct cmio_source source, copy;
	int fds[2], fd;

	second = open_selector(_i);
	plain_pipe(fds);
	fd = dup(fds[0]);
	ck_assert_ok(fd);
	add(poll, &source, fds[0], 1, R);
	add(second, &copy, fd, 2, R);
	removed(poll, &source);
	close(fds[0]);
	plain_put(fds[1]);
	expect_event(second, 2, R);
	expect_nothing(poll);
	removed(second, &copy);
	close(fd);
	close(fds[1]);
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(event_of_what_was_removed_in_the_same_batch_comes_no_more)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	struct cmio_event event;
	int one[2], two[2];

	plain_pipe(one);
	plain_pipe(two);
	plain_put(one[1]);
	plain_put(two[1]);
	add(poll, &a, one[0], 1, R);
	add(poll, &b, two[0], 2, R);
	ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME), 1);
	/* While the first is handled, the other is closed. */
	if (event.token == 1)
		removed(poll, &b);
	else
		removed(poll, &a);
	expect_nothing(poll);
	cmio_deregister(NULL, &a);
	cmio_deregister(NULL, &b);
	plain_close(one);
	plain_close(two);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(removing_what_hung_up_succeeds)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, R | W);
	plain_reset(fds[1]);
	wait_for(poll, 1, CMIO_READ_CLOSED);
	ck_assert_ok(cmio_reregister(poll, &source, 2, R));
	wait_for(poll, 2, CMIO_READ_CLOSED);
	removed(poll, &source);
	close(fds[0]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(closing_a_source_shows_the_peer_the_end)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, peer;
	int fds[2];

	plain_tcp_pair(fds);
	add(poll, &source, fds[0], 1, R);
	add(poll, &peer, fds[1], 2, R);
	plain_drain(&source);
	close(cmio_release(&source));
	expect_event(poll, 2, R | CMIO_READ_CLOSED);
	removed(poll, &peer);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(poll_may_go_before_its_sources),
	EACH_SELECTOR(descriptor_closed_behind_the_back_is_gone),
	EACH_SELECTOR(number_that_another_file_got_is_not_the_old_source),
	EACH_SELECTOR(stale_source_does_no_harm_to_the_new_one),
	EACH_SELECTOR(stale_source_does_no_harm_after_others_were_added),
	EACH_SELECTOR(stale_source_may_go_after_the_new_one),
	EACH_SELECTOR(closing_the_original_leaves_a_copy_with_another_poll),
	EACH_SELECTOR(
	    event_of_what_was_removed_in_the_same_batch_comes_no_more),
	EACH_SELECTOR(removing_what_hung_up_succeeds),
	EACH_SELECTOR(closing_a_source_shows_the_peer_the_end),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "lifetime", tests);
}
