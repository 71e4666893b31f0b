/* SPDX-License-Identifier: MIT */
/*
 * No descriptors left (EMFILE): the connection stays in the queue, but its
 * event has been used up.  A descriptor in reserve allows to accept and close
 * it, so that the client is told at once; and a timeout makes the server try
 * again, as no event says that there are descriptors again.
 *
 * A child process makes more connections here than the server has
 * descriptors.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>

enum { LIMIT = 16, CONNECTIONS = 40 };
enum { LISTENER = 1 };

static struct cmio_source listener, streams[CONNECTIONS];
static int nstreams, refused, reserve;
static bool accept_later;

/* Frees the reserve for the moment that accepting takes. */
static bool
refuse(void)
{
	struct cmio_source stream;
	bool accepted;

	if (reserve == -1)
		return false;
	close(reserve);
	accepted = cmio_accept(&listener, &stream, NULL) == 0;
	if (accepted) {
		cmio_close(&stream);
		refused++;
	}
	reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return accepted;
}

static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

static void
accept_all(void)
{
	accept_later = true;
	while (nstreams < CONNECTIONS) {
		if (cmio_accept(&listener, &streams[nstreams], NULL) == 0) {
			nstreams++;
		} else if (errno == EAGAIN) {
			accept_later = false;
			return;
		} else if (is_shortage(errno)) {
			if (!refuse())
				return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			err(1, "cmio_accept");
		}
	}
}

/* Makes the connections, and waits for the server's end. */
static void
connect_all(const struct cmio_addr *addr)
{
	char byte;
	int i, fds[CONNECTIONS];

	for (i = 0; i < CONNECTIONS; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(fds[i], (const struct sockaddr *)&addr->ss,
		    addr->len) == -1)
			_exit(1);
	}
	for (i = 0; i < CONNECTIONS; i++)
		while (read(fds[i], &byte, 1) == -1 && errno == EINTR)
			continue;
	_exit(0);
}

static void
limit_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = LIMIT;
	setrlimit(RLIMIT_NOFILE, &limit);
	reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_addr addr;
	struct cmio_poll *poll = cmio_poll_new(NULL);

	if (poll == NULL || cmio_addr_parse(&addr, "127.0.0.1:0") == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1 ||
	    cmio_register(poll, &listener, LISTENER, CMIO_READABLE) == -1)
		err(1, "127.0.0.1");
	if (fork() == 0)
		connect_all(&addr);
	limit_descriptors();
	while (nstreams + refused < CONNECTIONS) {
		if (cmio_poll_wait(poll, events, 16,
		    accept_later ? INT64_C(100000000) : -1) == -1 &&
		    errno != EINTR)
			err(1, "cmio_poll_wait");
		accept_all();
	}
	printf("%d accepted, %d refused\n", nstreams, refused);
	while (nstreams > 0)
		cmio_close(&streams[--nstreams]);
	cmio_close(&listener);
	close(reserve);
	cmio_poll_unref(poll);
	wait(NULL);
	return refused == 0;
}
