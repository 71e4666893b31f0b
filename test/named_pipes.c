/* SPDX-License-Identifier: MIT */
#include "named_pipes.h"

#include <stdio.h>

#include <cmio/windows.h>

enum { R = CMIO_READABLE, W = CMIO_WRITABLE };

const char *
a_name(void)
{
	static char name[80];
	static int n;

	snprintf(name, sizeof(name), "\\\\.\\pipe\\cmio-test-%lu-%d",
	    GetCurrentProcessId(), n++);
	return name;
}

void
make_pair(struct cmio_source *server, struct cmio_source *client)
{
	const char *name = a_name();

	ck_assert_ok(cmio_named_pipe_listen(server, name));
	ck_assert_ok(cmio_named_pipe_open(client, name));
}

struct cmio_poll *
listening(int i, struct cmio_source *server, const char *name)
{
	struct cmio_poll *poll = open_selector(i);

	ck_assert_ok(cmio_named_pipe_listen(server, name));
	ck_assert_ok(cmio_register(poll, server, 1, R | W));
	return poll;
}

void
accept_any(struct cmio_source *server)
{
	if (cmio_named_pipe_accept(server) == -1)
		ck_assert_int_eq(errno, EAGAIN);
}

struct cmio_poll *
connected_pair(int i, struct cmio_source *server, struct cmio_source *client)
{
	struct cmio_poll *poll = open_selector(i);

	make_pair(server, client);
	accept_any(server);
	ck_assert_ok(cmio_register(poll, server, 1, R | W));
	expect_event(poll, 1, W);
	ck_assert_ok(cmio_register(poll, client, 2, R | W));
	expect_event(poll, 2, W);
	return poll;
}

void
settle(struct cmio_poll *poll)
{
	struct cmio_event event;

	while (cmio_poll_wait(poll, &event, 1, A_WHILE) != 0)
		continue;
}

void
finish(struct cmio_poll *poll, struct cmio_source *server,
    struct cmio_source *client)
{
	ck_assert_ok(cmio_close(client));
	ck_assert_ok(cmio_close(server));
	cmio_poll_unref(poll);
}
