/* SPDX-License-Identifier: MIT */
/*
 * fork(2): children that share a listener, each with a poll of its own.
 *
 * A poll must not be used in a child of the process that made it, so the
 * parent makes the listener, and each child makes its poll.  A registered
 * source of the parent is closed with close(2) in the child: cmio_close()
 * would remove it from the parent's set.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>

enum { CHILDREN = 3, LISTENER = 1 };

/* Serves one client, and returns the exit status. */
static int
serve_one(struct cmio_source *listener)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);
	struct cmio_event events[16];
	struct cmio_source stream;

	if (poll == NULL || cmio_register(poll, listener, LISTENER,
	    CMIO_READABLE) == -1)
		return 1;
	for (;;) {
		/* EAGAIN: another child was faster, or nobody has come. */
		if (cmio_accept(listener, &stream, NULL) == 0)
			break;
		if (errno == EAGAIN)
			cmio_poll_wait(poll, events, 16, -1);
		else if (errno != EINTR && errno != ECONNABORTED)
			return 1;
	}
	cmio_write(&stream, "hello\n", 6);
	cmio_close(&stream);
	cmio_close(listener);
	cmio_poll_unref(poll);
	return 0;
}

static void
start_children(struct cmio_source *listener, const struct cmio_source *watched)
{
	int i;

	for (i = 0; i < CHILDREN; i++)
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			close(watched->fd);
			_exit(serve_one(listener));
		}
}

static void
be_client(const struct cmio_addr *addr)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char buf[16];

	if (connect(fd, (const struct sockaddr *)&addr->ss, addr->len) == -1 ||
	    read(fd, buf, 16) != 6)
		err(1, "no answer");
	close(fd);
}

int
main(void)
{
	struct cmio_source listener, pair[2];
	struct cmio_event event;
	struct cmio_addr addr;
	struct cmio_poll *poll = cmio_poll_new(NULL);
	int i, status, failed = 0;

	if (poll == NULL || cmio_addr_parse(&addr, "127.0.0.1:0") == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1 ||
	    cmio_unix_pair(pair, SOCK_STREAM) == -1 ||
	    cmio_register(poll, &pair[0], 1, CMIO_READABLE) == -1)
		err(1, "127.0.0.1");
	start_children(&listener, &pair[0]);
	cmio_close(&listener);		/* it is not registered here */
	for (i = 0; i < CHILDREN; i++)
		be_client(&addr);
	for (i = 0; i < CHILDREN; i++) {
		wait(&status);
		failed += status != 0;
	}
	/* The parent's own poll works as before. */
	cmio_write(&pair[1], "x", 1);
	if (cmio_poll_wait(poll, &event, 1, -1) != 1)
		err(1, "cmio_poll_wait");
	cmio_close(&pair[0]);
	cmio_close(&pair[1]);
	cmio_poll_unref(poll);
	printf("%d children, %d failed\n", CHILDREN, failed);
	return failed;
}
