/* SPDX-License-Identifier: MIT */
/*
 * How many system calls it takes to wake, to wait and to rearm: every call
 * that the libraries make is counted, by thread.
 */
#include "harness.h"

#include <sys/epoll.h>

#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

#include "inject.h"
#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE, WAKER = 7 };

/* Posted by a thread that is about to sleep. */
static sem_t falls_asleep;

static int
made(void)
{
	int call, n = 0;

	for (call = 0; call < CALL_COUNT; call++)
		n += calls_made[call];
	return n;
}

/* The system calls that an expression makes in this thread. */
#define calls_of(expression)	(forget(), (void)(expression), made())

static void
forget(void)
{
	memset(calls_made, 0, sizeof(calls_made));
}

/* A thread that waits for one event, and its system calls. */
struct sleeper {
	struct task		task;
	struct cmio_poll	*poll;
	struct cmio_event	event;
	int			n;
	int			waits, reads, files, all;
};

static void
wait_for_one(void *arg)
{
	struct sleeper *s = arg;

	s->all = calls_of(s->n = cmio_poll_wait(s->poll, &s->event, 1, -1));
	s->waits = calls_made[CALL_epoll_wait] + calls_made[CALL_ppoll];
	s->reads = calls_made[CALL_read];
	s->files = calls_made[CALL_fstat];
}

static void
post(void)
{
	sem_post(&falls_asleep);
}

/* Returns when the thread is at the system's wait. */
static void
fall_asleep(struct sleeper *s, struct cmio_poll *poll)
{
	s->poll = poll;
	before_wait = post;
	task_start(&s->task, wait_for_one, s);
	while (sem_wait(&falls_asleep) == -1)
		ck_assert_int_eq(errno, EINTR);
}

/* poll asks whose descriptor it is before it writes. */
static int
wake_calls(int i)
{
	return is_epoll(i) ? 1 : 2;
}

START_TEST(waking_a_sleeper_is_four_calls_beyond_its_wait_at_most)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker;
	struct sleeper s;
	bool eventfd;
	int all, turn;

	forget();
	waker = cmio_waker_new(poll, WAKER);
	ck_assert_ptr_nonnull(waker);
	eventfd = calls_made[CALL_eventfd] != 0 && calls_made[CALL_pipe2] == 0;
	for (turn = 0; turn < 10; turn++) {
		fall_asleep(&s, poll);
		all = calls_of(cmio_waker_wake(waker));
		ck_assert_int_eq(calls_made[CALL_write], 1);
		ck_assert_int_eq(all, wake_calls(_i));
		task_join(&s.task);
		ck_assert_int_eq(s.n, 1);
		ck_assert_uint_eq(s.event.token, WAKER);
		ck_assert_int_eq(s.waits, 1);
		/* An eventfd makes an edge each time, and is never read. */
		ck_assert_int_eq(s.reads, is_epoll(_i) && eventfd ? 0 : 1);
		ck_assert_int_le(s.files, !is_epoll(_i));
		ck_assert_int_eq(s.all, s.waits + s.reads + s.files);
	}
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(waking_a_poll_that_is_awake_is_no_call)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = cmio_waker_new(poll, WAKER);
	struct cmio_event event;
	int turn;

	ck_assert_ptr_nonnull(waker);
	for (turn = 0; turn < 10; turn++) {
		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, 0), 0);
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), 0);
		expect_event(poll, WAKER, R);
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), 0);
		expect_event(poll, WAKER, R);
	}
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(waking_where_a_wake_is_pending_is_no_call)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = cmio_waker_new(poll, WAKER);
	struct cmio_waker *other = cmio_waker_new(poll, WAKER);
	int i;

	ck_assert_ptr_nonnull(waker);
	ck_assert_ptr_nonnull(other);
	/* Nobody has waited yet: the poll counts as asleep. */
	ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), wake_calls(_i));
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), 0);
		ck_assert_int_eq(calls_of(cmio_waker_wake(other)), 0);
	}
	expect_event(poll, WAKER, R);
	cmio_waker_free(waker);
	cmio_waker_free(other);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(waking_is_a_call_once_the_descriptor_was_handed_out)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = cmio_waker_new(poll, WAKER);

	ck_assert_ptr_nonnull(waker);
	if (cmio_poll_fd(poll) != CMIO_FD_NONE) {
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)),
		    wake_calls(_i));
		expect_event(poll, WAKER, R);
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)),
		    wake_calls(_i));
		ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), 0);
	}
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

/* Either waker, the one whose wake failed or another, wakes the sleeper. */
START_TEST(wake_after_one_that_failed_ends_the_wait)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *wakers[2];
	struct sleeper s;
	int i;

	for (i = 0; i < 2; i++) {
		wakers[i] = cmio_waker_new(poll, WAKER);
		ck_assert_ptr_nonnull(wakers[i]);
	}
	for (i = 0; i < 2; i++) {
		fall_asleep(&s, poll);
		errors[CALL_write] = EIO;
		ck_assert_errno(cmio_waker_wake(wakers[0]), EIO);
		errors[CALL_write] = EIO;
		ck_assert_errno(cmio_waker_wake(wakers[0]), EIO);
		ck_assert_int_eq(calls_of(cmio_waker_wake(wakers[i])),
		    wake_calls(_i));
		ck_assert_int_eq(calls_of(cmio_waker_wake(wakers[i])), 0);
		task_join(&s.task);
		ck_assert_int_eq(s.n, 1);
		while (cmio_poll_wait(poll, &s.event, 1, 0) == 1)
			continue;
	}
	for (i = 0; i < 2; i++)
		cmio_waker_free(wakers[i]);
	cmio_poll_unref(poll);
}
END_TEST

/* No second wake for one that failed but was seen by the wait. */
START_TEST(failed_wake_of_a_poll_that_looks_is_forgotten)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_waker *waker = cmio_waker_new(poll, WAKER);

	ck_assert_ptr_nonnull(waker);
	errors[CALL_write] = EIO;
	ck_assert_errno(cmio_waker_wake(waker), EIO);
	expect_event(poll, WAKER, R);
	ck_assert_int_eq(calls_of(cmio_waker_wake(waker)), 0);
	expect_event(poll, WAKER, R);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(wait_is_one_call_where_the_kernel_keeps_the_set)
{
	struct watched w;
	struct cmio_event events[4];
	struct cmio_waker *waker;

	watch(&w, _i, plain_unix_pair, R | W);
	if (is_epoll(_i)) {
		ck_assert_int_eq(calls_of(cmio_poll_wait(w.poll, events, 4,
		    LONG_TIME)), 1);
		ck_assert_int_eq(calls_of(cmio_poll_wait(w.poll, events, 4, 0)),
		    1);
		waker = cmio_waker_new(w.poll, WAKER);
		ck_assert_ptr_nonnull(waker);
		ck_assert_int_eq(calls_of(cmio_poll_wait(w.poll, events, 4, 0)),
		    1);
		ck_assert_ok(cmio_waker_wake(waker));
		ck_assert_int_eq(calls_of(cmio_poll_wait(w.poll, events, 4,
		    -1)), 1);
		ck_assert_uint_eq(events[0].token, WAKER);
		cmio_waker_free(waker);
	}
	unwatch(&w);
}
END_TEST

START_TEST(event_of_a_source_costs_no_call_but_the_wait)
{
	static const unsigned int triggers[] = { 0, CMIO_LEVEL };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct cmio_event event;
	int fds[2], i;

	plain_unix_pair(fds);
	plain_put(fds[1]);
	for (i = 0; i < 8; i++) {
		add(poll, &source, fds[0], 1, R | triggers[i % 2]);
		ck_assert_int_eq(calls_of(cmio_poll_wait(poll, &event, 1,
		    LONG_TIME)), 1);
		ck_assert_uint_eq(event.token, 1);
		removed(poll, &source);
	}
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(rearming_is_a_call_for_a_sleeper_without_edges_alone)
{
	struct watched w;
	struct sleeper s;

	watch(&w, _i, plain_unix_pair, W);
	expect_event(w.poll, 1, W);
	ck_assert_int_eq(calls_of(cmio_rearm(&w.source, W)), 0);
	ck_assert_ok(cmio_reregister(w.poll, &w.source, 1, R));
	plain_put(w.fds[1]);
	expect_event(w.poll, 1, R);
	fall_asleep(&s, w.poll);
	plain_get(w.fds[0]);
	ck_assert_int_eq(calls_of(cmio_rearm(&w.source, R)),
	    is_epoll(_i) ? 0 : wake_calls(_i));
	plain_put(w.fds[1]);
	task_join(&s.task);
	ck_assert_int_eq(s.n, 1);
	unwatch(&w);
}
END_TEST

/* recv(2) costs less, but with length 0 it would discard a datagram. */
START_TEST(socket_is_read_by_recv_but_for_nothing)
{
	struct cmio_source pair[2], other;
	char byte = 'x';

	ck_assert_ok(cmio_unix_pair(pair, SOCK_DGRAM));
	ck_assert_int_eq(cmio_write(&pair[1], &byte, 1), 1);
	ck_assert_int_eq(cmio_write(&pair[1], &byte, 1), 1);
	forget();
	ck_assert_int_eq(cmio_read(&pair[0], &byte, 0), 0);
	ck_assert_int_eq(cmio_read(&pair[0], &byte, 1), 1);
	ck_assert_int_eq(calls_made[CALL_recv], 1);
	cmio_source_init(&other, pair[0].fd);
	ck_assert_int_eq(cmio_read(&other, &byte, 1), 1);
	ck_assert_int_eq(calls_made[CALL_recv], 1);
	ck_assert_ok(cmio_close(&pair[0]));
	ck_assert_ok(cmio_close(&pair[1]));
}
END_TEST

START_TEST(source_comes_changes_and_goes_with_one_call_each)
{
	struct cmio_poll *poll = open_selector(_i);
	const int *const made = &calls_made[CALL_epoll_ctl];
	struct cmio_source source;
	int fds[2], once = is_epoll(_i);

	plain_unix_pair(fds);
	forget();
	cmio_source_init(&source, fds[0]);
	ck_assert_ok(cmio_register(poll, &source, 1, R));
	ck_assert_int_eq(*made, once);
	ck_assert_ok(cmio_reregister(poll, &source, 1, W));
	ck_assert_int_eq(*made, 2 * once);
	ck_assert_ok(cmio_deregister(poll, &source));
	ck_assert_int_eq(*made, 3 * once);
	ck_assert_ok(cmio_register(poll, &source, 1, R));
	ck_assert_int_eq(cmio_release_unshared(&source), fds[0]);
	ck_assert_int_eq(*made, 4 * once);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

/* What cmio_source_init(3) says of epoll if the file is shared. */
START_TEST(source_released_as_unshared_stays_while_its_file_is_open)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	ck_assert_int_eq(cmio_release_unshared(&source), fds[0]);
	plain_put(fds[1]);
	cmio_source_init(&source, fds[0]);
	if (is_epoll(_i)) {
		expect_event(poll, 1, R);
		ck_assert_errno(cmio_register(poll, &source, 2, R), EEXIST);
	} else {
		expect_nothing(poll);
		add(poll, &source, fds[0], 2, R);
		removed(poll, &source);
	}
	plain_close(fds);
	expect_nothing(poll);
	cmio_poll_unref(poll);
}
END_TEST

/* Linux before 4.5 ignores the bit, with any other. */
static bool
kernel_knows_exclusive(void)
{
	struct epoll_event ev = { .events = EPOLLEXCLUSIVE | EPOLLONESHOT };
	int epfd, fds[2], rc;

	plain_unix_pair(fds);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	ck_assert_int_ne(epfd, -1);
	rc = epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0], &ev);
	ck_assert(rc == 0 || errno == EINVAL);
	close(epfd);
	plain_close(fds);
	return rc == -1;
}

/* The kernel refuses to change a source with EPOLLEXCLUSIVE. */
START_TEST(exclusive_is_passed_to_epoll)
{
	struct watched w;
	struct epoll_event ev = { .events = EPOLLIN };

	if (is_epoll(_i) && !kernel_knows_exclusive())
		skip("the kernel is older than EPOLLEXCLUSIVE");
	watch(&w, _i, plain_unix_pair, R | CMIO_EXCLUSIVE);
	if (is_epoll(_i)) {
		ck_assert_errno(epoll_ctl(cmio_poll_fd(w.poll), EPOLL_CTL_MOD,
		    w.fds[0], &ev), EINVAL);
		ck_assert_ok(cmio_reregister(w.poll, &w.source, 1, R));
		ck_assert_ok(epoll_ctl(cmio_poll_fd(w.poll), EPOLL_CTL_MOD,
		    w.fds[0], &ev));
	}
	unwatch(&w);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(waking_a_sleeper_is_four_calls_beyond_its_wait_at_most),
	EACH_SELECTOR(waking_a_poll_that_is_awake_is_no_call),
	EACH_SELECTOR(waking_where_a_wake_is_pending_is_no_call),
	EACH_SELECTOR(wake_after_one_that_failed_ends_the_wait),
	EACH_SELECTOR(failed_wake_of_a_poll_that_looks_is_forgotten),
	EACH_SELECTOR(waking_is_a_call_once_the_descriptor_was_handed_out),
	EACH_SELECTOR(wait_is_one_call_where_the_kernel_keeps_the_set),
	EACH_SELECTOR(
	    event_of_a_source_costs_no_call_but_the_wait),
	EACH_SELECTOR(rearming_is_a_call_for_a_sleeper_without_edges_alone),
	ONCE(socket_is_read_by_recv_but_for_nothing),
	EACH_SELECTOR(source_comes_changes_and_goes_with_one_call_each),
	EACH_SELECTOR(
	    source_released_as_unshared_stays_while_its_file_is_open),
	EACH_SELECTOR(exclusive_is_passed_to_epoll),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	sem_init(&falls_asleep, 0, 0);
	return run_tests(argc, argv, "system_calls", tests);
}
