/* SPDX-License-Identifier: MIT */
/* The server of load: it echoes. */
#include "load.h"

#include <sys/resource.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Returns whether there may be more. */
static bool
echo_some(struct side *side, struct conn *conn)
{
	ssize_t n = -1;

	if (conn->start == conn->end)
		conn->start = conn->end = 0;
	if (!conn->eof && conn->end < BUFFER) {
		n = cmio_read(&conn->source, conn->buf + conn->end,
		    BUFFER - conn->end);
		if (n == -1 && errno != EAGAIN) {
			shut_conn(side, conn);
			return false;
		}
		conn->eof = n == 0;
		conn->end += n > 0 ? (size_t)n : 0;
	}
	if (conn->start < conn->end) {
		n = cmio_write(&conn->source, conn->buf + conn->start,
		    conn->end - conn->start);
		if (n == -1 && errno != EAGAIN) {
			shut_conn(side, conn);
			return false;
		}
		conn->start += n > 0 ? (size_t)n : 0;
		side->bytes += n > 0 ? (size_t)n : 0;
	}
	if (conn->eof && conn->start == conn->end) {
		shut_conn(side, conn);
		return false;
	}
	return n > 0;
}

static void
accept_all(struct side *side, int i)
{
	struct cmio_source stream;
	struct conn *conn;

	while ((conn = spare_conn(side)) != NULL) {
		if (cmio_accept(&side->listeners[i], &stream, NULL) == 0) {
			side->accepted++;
			adopt(side, conn, &stream);
			continue;
		}
		if (errno == EAGAIN)
			return;
		if (errno == EMFILE || errno == ENFILE) {
			side->emfile++;
			break;
		}
		if (errno != ECONNABORTED && errno != EINTR)
			die("cmio_accept");
	}
	/* The event is used up: try again when a connection has closed. */
	side->starved = true;
}

/* Returns whether the client is still connected. */
static bool
serve_event(struct side *side, const struct cmio_event *event)
{
	int before = side->open, i;
	struct conn *conn;

	if (event->token == CONTROL)
		return false;
	if (event->token == WAKER)
		side->wakes++;
	else if (event->token < FIRST_CONN)
		accept_all(side, (int)event->token - LISTENER);
	else {
		conn = &side->conns[event->token - FIRST_CONN];
		while (conn->open && echo_some(side, conn))
			continue;
	}
	if (side->starved && side->open < before) {
		side->starved = false;
		for (i = 0; i < LISTENERS; i++)
			accept_all(side, i);
	}
	return true;
}

static void
serve(struct side *side)
{
	struct cmio_event events[EVENTS];
	bool going = true;
	int i, n;

	while (going) {
		n = cmio_poll_wait(side->poll, events, EVENTS, -1);
		if (n == -1 && errno != EINTR)
			die("cmio_poll_wait");
		for (i = 0; i < n && going; i++)
			going = serve_event(side, &events[i]);
	}
}

_Noreturn void
be_server(const char *selector, int connections,
    struct cmio_source *listeners, struct cmio_source *control, int limit)
{
	const struct rlimit few = { (rlim_t)limit, (rlim_t)limit };
	struct side *side;
	pthread_t thread;
	int i;

	if (limit != 0 && setrlimit(RLIMIT_NOFILE, &few) == -1)
		die("setrlimit");
	side = open_side(selector, connections);
	if (cmio_register(side->poll, control, CONTROL, CMIO_READABLE) == -1)
		die("cmio_register");
	for (i = 0; i < LISTENERS; i++) {
		side->listeners[i] = listeners[i];
		if (cmio_register(side->poll, &side->listeners[i],
		    (uintptr_t)(LISTENER + i), CMIO_READABLE) == -1)
			die("cmio_register");
	}
	if (pthread_create(&thread, NULL, wake_often, side) != 0)
		die("pthread_create");
	serve(side);
	printf("  server: %lu accepted, %lu times out of descriptors, %llu "
	    "bytes, %lu wakes, %ld kB\n", side->accepted, side->emfile,
	    side->bytes, side->wakes, resident());
	fflush(stdout);
	_exit(EXIT_SUCCESS);
}
