/* SPDX-License-Identifier: MIT */
/*
 * Which functions allocate memory.  The linker puts the functions here between
 * the library, which is linked statically, and the C library.
 */
#include "harness.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE, MANY = 20 };

static atomic_int calls;
static atomic_bool counting;

void	*__real_malloc(size_t size);
void	*__real_calloc(size_t n, size_t size);
void	*__real_realloc(void *old, size_t size);
void	*__wrap_malloc(size_t size);
void	*__wrap_calloc(size_t n, size_t size);
void	*__wrap_realloc(void *old, size_t size);

void *
__wrap_malloc(size_t size)
{
	calls += counting;
	return __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	calls += counting;
	return __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	calls += counting;
	return __real_realloc(old, size);
}

/* The result of an expression; its calls are counted. */
#define counted(expression)	(start(), stop(expression))

static void
start(void)
{
	counting = true;
}

static int
stop(int rc)
{
	counting = false;
	return rc;
}

/* Opens a poll, and checks with it that calls are counted. */
static struct cmio_poll *
open_and_count(int selector)
{
	struct cmio_poll *poll;
	int before = calls;

	counting = true;
	poll = open_selector(selector);
	counting = false;
	if (calls != before)
		return poll;
	cmio_poll_unref(poll);
	return NULL;
}

/* Whether the kernel keeps the set. */
static bool
keeps_no_record(int selector)
{
	return strcmp(selector_name(selector), "epoll") == 0 ||
	    strcmp(selector_name(selector), "kqueue") == 0;
}

static void
open_all(int fds[MANY][2])
{
	int i;

	for (i = 0; i < MANY; i++)
		plain_unix_pair(fds[i]);
}

/* A table grows with the numbers of the descriptors, only once each. */
START_TEST(registering_again_takes_no_memory_if_the_kernel_keeps_the_set)
{
	struct cmio_poll *poll = open_and_count(_i);
	struct cmio_source sources[MANY];
	int fds[MANY][2], before = 0, i, turn;

	if (poll == NULL)
		skip("calls of malloc are not counted here");
	open_all(fds);
	for (turn = 0; turn < 2; turn++) {
		before = calls;
		for (i = 0; i < MANY; i++) {
			cmio_source_init(&sources[i], fds[i][0]);
			ck_assert_ok(counted(cmio_register(poll, &sources[i],
			    1, R | W)));
		}
		for (i = 0; i < MANY; i++)
			removed(poll, &sources[i]);
	}
	if (keeps_no_record(_i))
		ck_assert_int_eq(calls, before);
	for (i = 0; i < MANY; i++)
		plain_close(fds[i]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(all_else_takes_no_memory)
{
	struct cmio_poll *poll = open_and_count(_i);
	struct cmio_source sources[MANY];
	struct cmio_user_event user;
	struct cmio_event events[MANY];
	int fds[MANY][2], before, i, turn;

	if (poll == NULL)
		skip("calls of malloc are not counted here");
	open_all(fds);
	for (i = 0; i < MANY; i++)
		add(poll, &sources[i], fds[i][0], 1, R | W);
	before = calls;
	ck_assert_ok(counted(cmio_user_event_add(poll, &user, 1)));
	for (turn = 0; turn < 100; turn++) {
		for (i = 0; i < MANY; i++)
			plain_put(fds[i][1]);
		ck_assert_ok(counted(cmio_user_event_trigger(&user)));
		ck_assert_int_gt(counted(cmio_poll_wait(poll, events, MANY,
		    1000)), 0);
		for (i = 0; i < MANY; i++) {
			plain_get(fds[i][0]);
			ck_assert_ok(counted(cmio_rearm(&sources[i], R)));
			ck_assert_ok(counted(cmio_reregister(poll,
			    &sources[i], 1, turn % 2 ? R : R | W)));
		}
		ck_assert_ok(counted(cmio_poll_wait(poll, events, 1, 0)));
	}
	ck_assert_ok(counted(cmio_user_event_remove(&user)));
	for (i = 0; i < MANY; i++)
		ck_assert_ok(counted(cmio_deregister(poll, &sources[i])));
	ck_assert_int_eq(calls, before);
	for (i = 0; i < MANY; i++)
		plain_close(fds[i]);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(
	    registering_again_takes_no_memory_if_the_kernel_keeps_the_set),
	EACH_SELECTOR(all_else_takes_no_memory),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "memory", tests);
}
