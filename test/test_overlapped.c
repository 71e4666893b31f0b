/* SPDX-License-Identifier: MIT */
/* Overlapped operations of the program's own. */
#include "named_pipes.h"

#include <string.h>

#include <cmio/windows.h>

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

START_TEST(released_handle_is_the_programs)
{
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	cmio_fd fd = server.fd, released;

	released = cmio_release(&server);
	ck_assert(released == fd);
	ck_assert(CloseHandle((HANDLE)released));
	wait_for(poll, 2, CMIO_READ_CLOSED);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

static unsigned int CMIO_CALL
op_done(struct cmio_overlapped *op, unsigned long error, unsigned long bytes,
    uintptr_t *token)
{
	(void)op;
	ck_assert_uint_eq(error, 0);
	ck_assert_uint_eq(bytes, 4);
	*token = 77;
	return R;
}

START_TEST(operation_of_the_programs_own_is_reported)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_overlapped op = { .done = op_done };
	struct cmio_source server, client;
	const char *name = a_name();
	char buf[4];
	HANDLE handle;
	cmio_fd fd;

	ck_assert_ok(cmio_named_pipe_listen(&server, name));
	handle = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	fd = (cmio_fd)handle;
	ck_assert_ok(cmio_associate(poll, fd));
	ck_assert_errno(cmio_associate(poll, fd), EEXIST);
	ck_assert_errno(cmio_associate(poll, CMIO_FD_NONE), EBADF);
	ck_assert_errno(cmio_associate(NULL, fd), EINVAL);
	ck_assert(!ReadFile(handle, buf, 4, NULL, &op.overlapped));
	accept_any(&server);
	ck_assert_ok(cmio_register(poll, &server, 1, W));
	expect_event(poll, 1, W);
	ck_assert_int_eq(cmio_write(&server, "1234", 4), 4);
	wait_for(poll, 77, R);
	ck_assert_int_eq(memcmp(buf, "1234", 4), 0);
	CloseHandle(handle);
	ck_assert_ok(cmio_close(&server));
	cmio_poll_unref(poll);
	(void)client;
}
END_TEST

START_TEST(operation_on_a_released_handle_is_reported)
{
	struct cmio_overlapped op = { .done = op_done };
	struct cmio_source server, client;
	struct cmio_poll *poll = connected_pair(_i, &server, &client);
	HANDLE handle;
	char buf[4];

	handle = (HANDLE)cmio_release(&server);
	settle(poll);
	ck_assert(!ReadFile(handle, buf, 4, NULL, &op.overlapped));
	ck_assert_int_eq(cmio_write(&client, "1234", 4), 4);
	for (;;) {
		struct cmio_event event;

		ck_assert_int_eq(cmio_poll_wait(poll, &event, 1, LONG_TIME),
		    1);
		if (event.token == 77)
			break;
		ck_assert_uint_eq(event.token, 2);
	}
	CloseHandle(handle);
	ck_assert_ok(cmio_close(&client));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(handle_without_overlapped_operations_is_einval)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	const char *name = a_name();
	HANDLE ends[2];
	int i;

	ends[0] = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE,
	    1, 4096, 4096, 0, NULL);
	ends[1] = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, 0, NULL);
	for (i = 0; i < 2; i++) {
		ck_assert(ends[i] != INVALID_HANDLE_VALUE);
		ck_assert_errno(cmio_named_pipe_from_handle(&source,
		    (cmio_fd)ends[i]), EINVAL);
		ck_assert_errno(cmio_associate(poll, (cmio_fd)ends[i]),
		    EINVAL);
		/* The handle does not belong to the source. */
		ck_assert(CloseHandle(ends[i]));
	}
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(released_handle_is_the_programs),
	EACH_SELECTOR(operation_of_the_programs_own_is_reported),
	EACH_SELECTOR(operation_on_a_released_handle_is_reported),
	EACH_SELECTOR(handle_without_overlapped_operations_is_einval),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "overlapped", tests);
}
