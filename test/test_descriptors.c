/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors can be waited for, which file a number is, and what is
 * left of a poll whose own descriptors were closed or whose waiting thread was
 * cancelled.
 */
#include "harness.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE, LAST = 60 };

#if defined(__linux__) || defined(O_PATH)
/* What registering for reading says of a path: 0 or an error. */
static int
error_of(struct cmio_poll *poll, const char *path, int flags)
{
	struct cmio_source source;
	int error = 0, fd = open(path, flags);

	ck_assert_ok(fd);
	cmio_source_init(&source, fd);
	if (cmio_register(poll, &source, 1, R) == -1)
		error = errno;
	else
		removed(poll, &source);
	close(fd);
	return error;
}
#endif

#ifdef __linux__
START_TEST(file_of_proc_can_be_waited_for_as_epoll_says)
{
	struct cmio_poll *poll;

	if (access("/proc/self/mounts", R_OK) == -1)
		skip("no /proc");
	poll = open_selector(_i);
	ck_assert_int_eq(error_of(poll, "/proc/self/mounts", O_RDONLY), 0);
	ck_assert_int_eq(error_of(poll, "/proc/self/status", O_RDONLY), EPERM);
	ck_assert_int_eq(error_of(poll, "/dev/null", O_RDWR), EPERM);
	ck_assert_int_eq(error_of(poll, "/dev/zero", O_RDWR), EPERM);
	ck_assert_int_eq(error_of(poll, "/", O_RDONLY), EPERM);
	cmio_poll_unref(poll);
}
END_TEST
#endif

START_TEST(descriptor_of_a_path_alone_is_none)
{
#ifdef O_PATH
	struct cmio_poll *poll = open_selector(_i);
	char path[100];

	snprintf(path, sizeof(path), "/tmp/cmio-path-%ld", (long)getpid());
	unlink(path);
	ck_assert_ok(mkfifo(path, 0600));
	ck_assert_int_eq(error_of(poll, path, O_PATH), EBADF);
	ck_assert_int_eq(error_of(poll, "/", O_PATH), EBADF);
	ck_assert_int_eq(error_of(poll, "/dev/null", O_PATH), EBADF);
	unlink(path);
	cmio_poll_unref(poll);
#else
	skip("no O_PATH");
#endif
}
END_TEST

/* A file of /proc tells its news to the first who asks. */
START_TEST(registering_does_not_take_news_away)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	struct pollfd p;

	skip_on(_i, "libkqueue", "it does not report files of /proc");
	poll = open_selector(_i);
	p.fd = open("/proc/self/mounts", O_RDONLY);
	if (p.fd == -1) {
		cmio_poll_unref(poll);
		skip("no /proc");
	}
	p.events = POLLPRI;
	add(poll, &source, p.fd, 1, R | CMIO_LEVEL);
	expect_event(poll, 1, R);
	removed(poll, &source);
	close(p.fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(full_table_changes_no_answer)
{
	enum { MOST = 100 };
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct rlimit before, few;
	int file = open("/", O_RDONLY), fds[2], fill[MOST], n = 0;

	plain_pipe(fds);
	ck_assert_ok(file);
	ck_assert_ok(getrlimit(RLIMIT_NOFILE, &before));
	few = before;
	if (few.rlim_cur > MOST)
		few.rlim_cur = MOST;
	ck_assert_ok(setrlimit(RLIMIT_NOFILE, &few));
	while (n < MOST && (fill[n] = dup(0)) != -1)
		n++;
	ck_assert_int_lt(n, MOST);
	cmio_source_init(&source, file);
	ck_assert_errno(cmio_register(poll, &source, 1, R), EPERM);
	add(poll, &source, fds[0], 1, R);
	removed(poll, &source);
	while (n > 0)
		close(fill[--n]);
	ck_assert_ok(setrlimit(RLIMIT_NOFILE, &before));
	close(file);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

/* A FIFO, which can be opened again. */
static int
open_fifo(void)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "/tmp/cmio-again-%ld", (long)getpid());
	if (mkfifo(path, 0600) == -1)
		ck_assert_int_eq(errno, EEXIST);
	fd = open(path, O_RDWR | O_NONBLOCK);
	ck_assert_ok(fd);
	return fd;
}

START_TEST(fifo_opened_again_under_its_number_is_new)
{
	struct cmio_poll *poll;
	struct cmio_source old, fresh;
	char path[100];
	int fd, again;

	skip_on(_i, "libkqueue", NO_CLOSE);
	poll = open_selector(_i);
	fd = open_fifo();
	add(poll, &old, fd, 1, R);
	close(fd);
	again = open_fifo();
	ck_assert_int_eq(again, fd);
	add(poll, &fresh, again, 2, R);
	plain_put(again);
	expect_event(poll, 2, R);
	removed(poll, &old);
	ck_assert_ok(cmio_reregister(poll, &fresh, 3, R));
	expect_event(poll, 3, R);
	removed(poll, &fresh);
	close(again);
	snprintf(path, sizeof(path), "/tmp/cmio-again-%ld", (long)getpid());
	unlink(path);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(second_source_of_an_open_descriptor_is_refused)
{
	struct cmio_poll *poll;
	struct cmio_source first, second;
	int fds[2], pair[2];

	poll = open_selector(_i);
	plain_pipe(fds);
	plain_unix_pair(pair);
	add(poll, &first, fds[0], 1, R);
	cmio_source_init(&second, fds[0]);
	ck_assert_errno(cmio_register(poll, &second, 2, R), EEXIST);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	removed(poll, &first);
	add(poll, &first, pair[0], 1, R);
	cmio_source_init(&second, pair[0]);
	ck_assert_errno(cmio_register(poll, &second, 2, R), EEXIST);
	removed(poll, &first);
	plain_close(fds);
	plain_close(pair);
	cmio_poll_unref(poll);
}
END_TEST

/* In a child: everything is closed, and a socket takes the numbers. */
static int
lose_descriptors(int i, bool wake)
{
	struct cmio_poll *poll = cmio_poll_new(selector_name(i));
	struct cmio_user_event user;
	struct cmio_event event;
	int fd, fds[2], n;
	char c[8];

	if (poll == NULL || cmio_user_event_add(poll, &user, 7) == -1)
		return 10;
	for (fd = 3; fd < LAST; fd++)
		close(fd);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == -1)
		return 11;
	if (write(fds[1], "mine", 4) != 4)
		return 12;
	if (wake)
		cmio_user_event_trigger(&user);
	/* EINVAL is what epoll says of a socket. */
	n = cmio_poll_wait(poll, &event, 1, 100 * MSEC);
	if (!wake && (n != -1 || (errno != EBADF && errno != EINVAL)))
		return 13;
	return recv(fds[0], c, sizeof(c), MSG_DONTWAIT) == 4 ? 0 : 14;
}

/* It is a kernel's descriptor that is lost, and others may be there. */
START_TEST(data_of_another_are_not_read_when_descriptors_are_lost)
{
	int status, wake;
	pid_t pid;

	for (wake = 0; wake < 2; wake++) {
		pid = fork();
		ck_assert_int_ne(pid, -1);
		if (pid == 0) {
			alarm(10);
			_exit(lose_descriptors(_i, wake));
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

static void *
wait_for_ever(void *arg)
{
	struct cmio_event event;

	for (;;)
		cmio_poll_wait(arg, &event, 1, -1);
	return NULL;
}

static void
cancel_a_waiter(struct cmio_poll *poll)
{
	pthread_t thread;
	void *result;

	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_ever, poll),
	    0);
	give_way(20);
	ck_assert_int_eq(pthread_cancel(thread), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert(result == PTHREAD_CANCELED);
}

START_TEST(poll_is_usable_when_its_waiter_was_cancelled)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, other;
	struct cmio_user_event user;
	int fds[2], i;

	ck_assert_ok(cmio_user_event_add(poll, &user, 7));
	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	add(poll, &other, fds[1], 2, R);
	for (i = 0; i < 3; i++) {
		cancel_a_waiter(poll);
		ck_assert_int_ge(cmio_user_event_trigger(&user), 0);
		expect_event(poll, 7, R);
		plain_put(fds[1]);
		expect_event(poll, 1, R);
		plain_drain(&source);
		removed(poll, &other);
		add(poll, &other, fds[1], 2, R);
	}
	removed(poll, &source);
	removed(poll, &other);
	ck_assert_ok(cmio_user_event_remove(&user));
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

struct change {
	struct cmio_poll	*poll;
	struct cmio_source	*source;
};

/* A thread that is cancelled, and changes the set first. */
static void *
change_cancelled(void *arg)
{
	struct change *c = arg;

	pthread_cancel(pthread_self());
	cmio_reregister(c->poll, c->source, 1, R | W);
	pthread_testcancel();
	return NULL;
}

static void
wait_for_the_pair(void *arg)
{
	struct cmio_event event;

	ck_assert_int_eq(cmio_poll_wait(arg, &event, 1, LONG_TIME), 1);
}

START_TEST(thread_that_changes_a_set_is_not_cancelled_in_it)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	struct change c = { .poll = poll, .source = &source };
	struct task task;
	pthread_t thread;
	int fds[2];

	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	task_start(&task, wait_for_the_pair, poll);
	give_way(20);
	ck_assert_int_eq(pthread_create(&thread, NULL, change_cancelled, &c),
	    0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	task_join(&task);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
#ifdef __linux__
	EACH_SELECTOR(file_of_proc_can_be_waited_for_as_epoll_says),
#endif
	EACH_SELECTOR(descriptor_of_a_path_alone_is_none),
	EACH_SELECTOR(registering_does_not_take_news_away),
	EACH_SELECTOR(full_table_changes_no_answer),
	EACH_SELECTOR(fifo_opened_again_under_its_number_is_new),
	EACH_SELECTOR(second_source_of_an_open_descriptor_is_refused),
	EACH_SELECTOR(data_of_another_are_not_read_when_descriptors_are_lost),
	EACH_SELECTOR(poll_is_usable_when_its_waiter_was_cancelled),
	EACH_SELECTOR(thread_that_changes_a_set_is_not_cancelled_in_it),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "descriptors", tests);
}
