/* SPDX-License-Identifier: MIT */
/* cmio_register(3): what is registered, and for whom. */
#include "harness.h"

#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

START_TEST(source_is_registered_reregistered_and_deregistered)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, W);
	ck_assert_uint_eq(expect_event(w.poll, 1, W).ready, W);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 2, R));
	expect_nothing(w.poll);
	plain_put(w.fds[1]);
	ck_assert_uint_eq(expect_event(w.poll, 2, R).ready & R, R);
	removed(w.poll, &w.source);
	ck_assert_ptr_null(w.source.state);
	plain_put(w.fds[1]);
	expect_nothing(w.poll);
	add(w.poll, &w.source, w.fds[0], 3, R);
	expect_event(w.poll, 3, R);
	unwatch(&w);
}
END_TEST

START_TEST(reregistering_replaces_interest_and_token)
{
	struct watched w;

	watch(&w, _i, plain_unix_pair, R);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 2, R | W));
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 3, W));
	ck_assert_uint_eq(expect_event(w.poll, 3, W).ready, W);
	plain_put(w.fds[1]);
	expect_nothing(w.poll);
	unwatch(&w);
}
END_TEST

START_TEST(pending_connection_is_nothing_to_a_writable_listener)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	unsigned short port;
	int fd, listener = plain_tcp_listener(&port);

	add(poll, &source, listener, 1, R);
	fd = plain_tcp_socket();
	plain_connect(fd, port);
	ck_assert_ok(cmio_reregister(poll, &source, 1, W));
	expect_nothing(poll);
	ck_assert_ok(cmio_reregister(poll, &source, 2, R));
	expect_event(poll, 2, R);
	removed(poll, &source);
	close(fd);
	close(listener);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(deregistered_source_is_silent_though_it_was_ready)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, other;
	int fds[2], others[2];

	plain_pipe(fds);
	plain_pipe(others);
	add(poll, &source, fds[0], 1, R);
	add(poll, &other, others[0], 2, R);
	plain_put(fds[1]);
	removed(poll, &source);
	plain_put(others[1]);
	expect_event(poll, 2, R);
	expect_nothing(poll);
	removed(poll, &other);
	plain_close(fds);
	plain_close(others);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(duplicate_may_be_with_another_poll)
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
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	expect_event(second, 2, R);
	removed(poll, &source);
	plain_get(fds[0]);
	ck_assert_ok(cmio_rearm(&copy, R));
	plain_put(fds[1]);
	expect_event(second, 2, R);
	removed(second, &copy);
	close(fd);
	plain_close(fds);
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(both_copies_of_a_descriptor_may_be_with_one_poll)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, copy;
	int fds[2], fd;

	plain_pipe(fds);
	fd = dup(fds[0]);
	ck_assert_ok(fd);
	add(poll, &source, fds[0], 1, R);
	add(poll, &copy, fd, 2, R);
	removed(poll, &source);
	plain_put(fds[1]);
	expect_event(poll, 2, R);
	removed(poll, &copy);
	close(fd);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(token_is_returned_as_given)
{
	static const uintptr_t tokens[] = {
		0, 1, UINTPTR_MAX, UINTPTR_MAX / 2 + 1, (uintptr_t)tokens
	};
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];
	size_t i;

	plain_pipe(fds);
	plain_put(fds[1]);
	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		add(poll, &source, fds[0], tokens[i], R);
		expect_event(poll, tokens[i], R);
		removed(poll, &source);
	}
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(one_token_may_serve_two_sources)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source a, b;
	int one[2], two[2];

	plain_pipe(one);
	plain_pipe(two);
	add(poll, &a, one[0], 5, R);
	add(poll, &b, two[0], 5, R);
	plain_put(one[1]);
	plain_put(two[1]);
	expect_event(poll, 5, R);
	expect_event(poll, 5, R);
	expect_nothing(poll);
	removed(poll, &a);
	removed(poll, &b);
	plain_close(one);
	plain_close(two);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(source_may_be_moved_in_memory)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, moved;
	int fds[2];

	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	moved = source;
	cmio_source_init(&source, -1);
	ck_assert_ok(cmio_reregister(poll, &moved, 2, R));
	plain_put(fds[1]);
	expect_event(poll, 2, R);
	removed(poll, &moved);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(initialiser_and_function_make_the_same_source)
{
	struct cmio_source a = CMIO_SOURCE(5), b;

	cmio_source_init(&b, 5);
	ck_assert_int_eq(a.fd, 5);
	ck_assert_int_eq(b.fd, 5);
	ck_assert_uint_eq(a.kind, 0);
	ck_assert_uint_eq(b.kind, 0);
	ck_assert_ptr_null(a.state);
	ck_assert_ptr_null(b.state);
	cmio_source_init(NULL, 5);
}
END_TEST

START_TEST(release_deregisters_and_gives_the_descriptor_away)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	ck_assert_int_eq(cmio_release(&source), fds[0]);
	ck_assert_int_eq(source.fd, CMIO_FD_NONE);
	ck_assert_ptr_null(source.state);
	plain_put(fds[1]);
	expect_nothing(poll);
	ck_assert_errno(cmio_release(&source), EBADF);
	/* The same for a source that is not registered. */
	cmio_source_init(&source, fds[0]);
	ck_assert_int_eq(cmio_release(&source), fds[0]);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(exclusive_is_a_hint_on_every_kind_of_source)
{
	struct cmio_poll *poll, *inner;
	struct cmio_source source;
	unsigned short port;
	int fd, listener;

	poll = open_selector(_i);
	inner = open_selector(_i);
	listener = plain_tcp_listener(&port);
	add(poll, &source, listener, 1, R | CMIO_EXCLUSIVE);
	fd = plain_tcp_socket();
	plain_connect(fd, port);
	expect_event(poll, 1, R);
	ck_assert_ok(cmio_reregister(poll, &source, 2, R | CMIO_EXCLUSIVE));
	expect_event(poll, 2, R);
	ck_assert_ok(cmio_reregister(poll, &source, 3, R));
	expect_event(poll, 3, R);
	ck_assert_ok(cmio_reregister(poll, &source, 4, R | CMIO_PRIORITY |
	    CMIO_ONESHOT | CMIO_EXCLUSIVE));
	expect_event(poll, 4, R);
	removed(poll, &source);
	if (cmio_poll_fd(inner) != CMIO_FD_NONE) {
		add(poll, &source, cmio_poll_fd(inner), 5,
		    R | CMIO_EXCLUSIVE);
		removed(poll, &source);
	}
	close(fd);
	close(listener);
	cmio_poll_unref(inner);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(many_sources_are_each_reported_once)
{
	enum { MANY = 20 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[MANY];
	struct cmio_event events[MANY];
	int fds[MANY][2], seen[MANY] = { 0 }, i, n, total = 0;

	for (i = 0; i < MANY; i++) {
		plain_pipe(fds[i]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i, R);
		plain_put(fds[i][1]);
	}
	while (total < MANY) {
		n = cmio_poll_wait(poll, events, MANY, LONG_TIME);
		ck_assert_int_gt(n, 0);
		for (total += n; n > 0; n--)
			seen[events[n - 1].token]++;
	}
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(seen[i], 1);
	expect_nothing(poll);
	for (i = 0; i < MANY; i++) {
		removed(poll, &sources[i]);
		plain_close(fds[i]);
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(removing_one_leaves_the_others_in_hand)
{
	enum { MANY = 4 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source sources[MANY];
	int fds[MANY][2], i;

	for (i = 0; i < MANY; i++) {
		plain_unix_pair(fds[i]);
		add(poll, &sources[i], fds[i][0], (uintptr_t)i,
		    CMIO_READABLE);
	}
	/* The last one, which may have moved to the removed one's entry. */
	for (i = 0; i < MANY - 1; i++) {
		removed(poll, &sources[i]);
		ck_assert_ok(cmio_reregister(poll, &sources[MANY - 1],
		    (uintptr_t)(10 + i), CMIO_WRITABLE));
		expect_event(poll, (uintptr_t)(10 + i), CMIO_WRITABLE);
	}
	removed(poll, &sources[MANY - 1]);
	expect_nothing(poll);
	for (i = 0; i < MANY; i++)
		plain_close(fds[i]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(source_is_registered_reregistered_and_deregistered),
	EACH_SELECTOR(reregistering_replaces_interest_and_token),
	EACH_SELECTOR(pending_connection_is_nothing_to_a_writable_listener),
	EACH_SELECTOR(deregistered_source_is_silent_though_it_was_ready),
	EACH_SELECTOR(duplicate_may_be_with_another_poll),
	EACH_SELECTOR(both_copies_of_a_descriptor_may_be_with_one_poll),
	EACH_SELECTOR(token_is_returned_as_given),
	EACH_SELECTOR(one_token_may_serve_two_sources),
	EACH_SELECTOR(source_may_be_moved_in_memory),
	ONCE(initialiser_and_function_make_the_same_source),
	EACH_SELECTOR(release_deregisters_and_gives_the_descriptor_away),
	EACH_SELECTOR(exclusive_is_a_hint_on_every_kind_of_source),
	EACH_SELECTOR(many_sources_are_each_reported_once),
	EACH_SELECTOR(removing_one_leaves_the_others_in_hand),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "register", tests);
}
