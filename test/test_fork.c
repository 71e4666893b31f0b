/* SPDX-License-Identifier: MIT */
/* A program that forks while it has polls. */
#include "harness.h"

#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE };

static void
expect_exit_0(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}

START_TEST(child_that_exits_leaves_the_parents_poll_alone)
{
	struct watched w;
	struct cmio_user_event user;
	pid_t child;

	watch(&w, _i, plain_pipe, R);
	ck_assert_ok(cmio_user_event_add(w.poll, &user, 2));
	child = fork();
	ck_assert_ok(child);
	if (child == 0)
		_exit(0);
	expect_exit_0(child);
	plain_put(w.fds[1]);
	expect_event(w.poll, 1, R);
	ck_assert_ok(cmio_user_event_trigger(&user));
	expect_event(w.poll, 2, R);
	ck_assert_ok(cmio_user_event_remove(&user));
	unwatch(&w);
}
END_TEST

/* The child keeps open what the parent closes. */
START_TEST(user_events_come_and_go_while_a_child_lives)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event user;
	struct cmio_event event;
	int hold[2], i;
	pid_t child;
	char c;

	plain_pipe(hold);
	ck_assert_ok(cmio_user_event_add(poll, &user, 2));
	ck_assert_ok(cmio_user_event_trigger(&user));
	child = fork();
	ck_assert_ok(child);
	if (child == 0) {
		close(hold[1]);
		while (read(hold[0], &c, 1) != 0)
			give_way(1);
		_exit(0);
	}
	ck_assert_ok(cmio_user_event_remove(&user));
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, MSEC), 0);
		ck_assert_ok(cmio_user_event_add(poll, &user, 3));
		ck_assert_ok(cmio_user_event_trigger(&user));
		expect_event(poll, 3, R);
		ck_assert_ok(cmio_user_event_remove(&user));
	}
	plain_close(hold);
	expect_exit_0(child);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(child_makes_a_poll_of_its_own)
{
	struct cmio_poll *poll = open_selector(_i), *own;
	struct cmio_source source;
	struct cmio_event event;
	int fds[2], ok;
	pid_t child;

	child = fork();
	ck_assert_ok(child);
	if (child == 0) {
		own = cmio_poll_new(selector_name(_i));
		ok = own != NULL && pipe(fds) == 0 &&
		    write(fds[1], "x", 1) == 1;
		cmio_source_init(&source, fds[0]);
		ok = ok && cmio_register(own, &source, 5, R) == 0 &&
		    cmio_poll_wait(own, &event, 1, LONG_TIME) == 1 &&
		    event.token == 5;
		_exit(!ok);
	}
	expect_exit_0(child);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(child_that_exits_leaves_the_parents_poll_alone),
	EACH_SELECTOR(user_events_come_and_go_while_a_child_lives),
	EACH_SELECTOR(child_makes_a_poll_of_its_own),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "fork", tests);
}
