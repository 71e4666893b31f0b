/* SPDX-License-Identifier: MIT */
/* cmio_register(3): what fails, with which errno, and without an effect. */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "plain.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

START_TEST(what_is_registered_is_eexist)
{
	struct cmio_poll *poll = open_selector(_i), *second;
	struct cmio_source source, twin;
	int fds[2];

	second = open_selector(_i);
	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	ck_assert_errno(cmio_register(poll, &source, 2, R), EEXIST);
	ck_assert_errno(cmio_register(second, &source, 2, R), EEXIST);
	cmio_source_init(&twin, fds[0]);
	ck_assert_errno(cmio_register(poll, &twin, 2, R), EEXIST);
	ck_assert_ptr_null(twin.state);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	expect_nothing(second);
	removed(poll, &source);
	/* Now the twin has it. */
	ck_assert_ok(cmio_register(poll, &twin, 3, R));
	expect_event(poll, 3, R);
	removed(poll, &twin);
	plain_close(fds);
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

/* A second source of a descriptor changes nothing of the first. */
START_TEST(twin_of_every_trigger_is_eexist)
{
	static const unsigned int triggers[] = {
		0, CMIO_LEVEL, CMIO_ONESHOT
	};
	struct cmio_source twin;
	struct watched w;
	size_t i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++) {
			watch(&w, _i, plain_pipe, R | triggers[i]);
			cmio_source_init(&twin, w.fds[0]);
			ck_assert_errno(cmio_register(w.poll, &twin, 2,
			    R | triggers[j]), EEXIST);
			plain_put(w.fds[1]);
			expect_event(w.poll, 1, R);
			if (triggers[i] == CMIO_ONESHOT) {
				ck_assert_errno(cmio_register(w.poll, &twin,
				    2, R | triggers[j]), EEXIST);
				expect_nothing(w.poll);
			}
			unwatch(&w);
		}
}
END_TEST

START_TEST(what_is_not_registered_here_is_enoent)
{
	struct cmio_poll *poll = open_selector(_i), *second;
	struct cmio_source source;
	int fds[2];

	second = open_selector(_i);
	plain_pipe(fds);
	cmio_source_init(&source, fds[0]);
	ck_assert_errno(cmio_reregister(poll, &source, 1, R), ENOENT);
	ck_assert_errno(cmio_deregister(poll, &source), ENOENT);
	ck_assert_int_eq(cmio_deregister(NULL, &source), 0);
	ck_assert_ok(cmio_register(poll, &source, 1, R));
	ck_assert_errno(cmio_reregister(second, &source, 2, R), ENOENT);
	ck_assert_errno(cmio_deregister(second, &source), ENOENT);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	expect_nothing(second);
	ck_assert_int_eq(cmio_deregister(NULL, &source), 0);
	ck_assert_errno(cmio_deregister(poll, &source), ENOENT);
	/* Now it can be registered with the other poll. */
	ck_assert_ok(cmio_register(second, &source, 2, R));
	expect_event(second, 2, R);
	removed(second, &source);
	plain_close(fds);
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

static void
expect_refusal(struct cmio_poll *poll, int fd, int error)
{
	struct cmio_source source;
	int fds[2];

	cmio_source_init(&source, fd);
	ck_assert_errno(cmio_register(poll, &source, 1, R), error);
	ck_assert_ptr_null(source.state);
	ck_assert_errno(cmio_register(poll, &source, 1, R | W), error);
	ck_assert_errno(cmio_deregister(poll, &source), ENOENT);
	/* The same source with a good descriptor. */
	plain_pipe(fds);
	source.fd = fds[0];
	ck_assert_ok(cmio_register(poll, &source, 2, R));
	plain_put(fds[1]);
	expect_event(poll, 2, R);
	removed(poll, &source);
	plain_close(fds);
}

START_TEST(no_descriptor_is_ebadf)
{
	struct cmio_poll *poll = open_selector(_i);

	expect_refusal(poll, -1, EBADF);
	expect_refusal(poll, 4000, EBADF);
	cmio_poll_unref(poll);
}
END_TEST

/* Without it nobody tells what a device is: each is taken. */
static bool
has_epoll(void)
{
	const char *const *name;

	for (name = cmio_selectors(); *name != NULL; name++)
		if (strcmp(*name, "epoll") == 0)
			return true;
	return false;
}

START_TEST(file_folder_and_null_device_are_eperm)
{
	struct cmio_poll *poll = open_selector(_i);
	FILE *file = tmpfile();
	int fd;

	ck_assert_ptr_nonnull(file);
	expect_refusal(poll, fileno(file), EPERM);
	fclose(file);
	fd = open("/", O_RDONLY);
	ck_assert_ok(fd);
	expect_refusal(poll, fd, EPERM);
	close(fd);
	fd = open("/dev/null", O_RDONLY);
	ck_assert_ok(fd);
	if (has_epoll())
		expect_refusal(poll, fd, EPERM);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(file_of_proc_that_can_be_waited_for_is_taken)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fd = open("/proc/self/mounts", O_RDONLY);

	if (fd == -1 || !has_epoll()) {
		close(fd);
		cmio_poll_unref(poll);
		skip("no /proc/self/mounts, or no epoll to ask about it");
	}
	add(poll, &source, fd, 1, CMIO_PRIORITY);
	removed(poll, &source);
	close(fd);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(interest_without_sense_is_einval)
{
	static const unsigned int bad[] = {
		0, CMIO_LEVEL, CMIO_ONESHOT, CMIO_EXCLUSIVE,
		CMIO_LEVEL | CMIO_ONESHOT, CMIO_ERROR, CMIO_READ_CLOSED,
		CMIO_WRITE_CLOSED, R | CMIO_ERROR, R | CMIO_READ_CLOSED,
		R | 0x80000000u, R | 0x00100000u, W | 0x20,
	};
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, fresh;
	int fds[2];
	size_t i;

	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	cmio_source_init(&fresh, fds[1]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_errno(cmio_register(poll, &fresh, 2, bad[i]),
		    EINVAL);
		ck_assert_errno(cmio_reregister(poll, &source, 2, bad[i]),
		    EINVAL);
	}
	ck_assert_ptr_null(fresh.state);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(aio_is_einval_alone_and_ignored_beside_others)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2];

	plain_pipe(fds);
	cmio_source_init(&source, fds[0]);
	if (cmio_register(poll, &source, 1, CMIO_AIO) == 0)
		removed(poll, &source);		/* kqueue has it */
	else
		ck_assert_int_eq(errno, EINVAL);
	ck_assert_ok(cmio_register(poll, &source, 1, R | CMIO_AIO |
	    CMIO_LIO));
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(failed_reregistration_changes_nothing)
{
	struct cmio_poll *poll = open_selector(_i), *second;
	struct cmio_source source;
	int fds[2];

	second = open_selector(_i);
	plain_unix_pair(fds);
	add(poll, &source, fds[0], 1, R);
	ck_assert_errno(cmio_reregister(poll, &source, 2, 0), EINVAL);
	ck_assert_errno(cmio_reregister(second, &source, 3, W), ENOENT);
	expect_nothing(poll);
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	removed(poll, &source);
	plain_close(fds);
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(what_is_registered_is_eexist),
	EACH_SELECTOR(twin_of_every_trigger_is_eexist),
	EACH_SELECTOR(what_is_not_registered_here_is_enoent),
	EACH_SELECTOR(no_descriptor_is_ebadf),
	EACH_SELECTOR(file_folder_and_null_device_are_eperm),
	EACH_SELECTOR(file_of_proc_that_can_be_waited_for_is_taken),
	EACH_SELECTOR(interest_without_sense_is_einval),
	EACH_SELECTOR(aio_is_einval_alone_and_ignored_beside_others),
	EACH_SELECTOR(failed_reregistration_changes_nothing),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "register_errors", tests);
}
