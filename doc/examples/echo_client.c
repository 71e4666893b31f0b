/* SPDX-License-Identifier: MIT */
/*
 * echo_client ADDRESS [CONNECTIONS [ROUNDS [BYTES]]]: many connections to an
 * echo server at once.
 *
 * Each sends a message and receives it back ROUNDS times, and compares the two.
 * The last line says how fast that was.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmio/net.h>

enum { MAX_EVENTS = 256 };
#define PATIENCE	INT64_C(30000000000)	/* nanoseconds without event */

struct connection {
	struct cmio_source	 stream;
	bool			 connected;
	int			 round;
	size_t			 sent, got;	/* bytes in this round */
};

static struct cmio_poll *sources;
static int connections = 100, rounds = 100, bytes = 64;

static void
die(const char *format, ...)
{
	int number = errno;
	va_list args;

	va_start(args, format);
	fprintf(stderr, "echo_client: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, number != 0 ? ": %s\n" : "\n", strerror(number));
	va_end(args);
	exit(1);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The byte at an offset of a message; neighbouring bytes differ. */
static unsigned char
byte_at(const struct connection *c, size_t place)
{
	return (unsigned char)((uintptr_t)c / sizeof(*c) * 31 +
	    (size_t)c->round * 7 + place + place / 251);
}

/* Sends the next part of the message, at most one buffer. */
static ssize_t
send_some(struct connection *c)
{
	unsigned char buf[4096];
	size_t i, n = (size_t)bytes - c->sent;

	if (n > sizeof(buf))
		n = sizeof(buf);
	for (i = 0; i < n; i++)
		buf[i] = byte_at(c, c->sent + i);
	return cmio_write(&c->stream, buf, n);
}

static ssize_t
receive_some(struct connection *c)
{
	unsigned char buf[4096];
	size_t want = c->sent - c->got;
	ssize_t i, n;

	n = cmio_read(&c->stream, buf, want < sizeof(buf) ? want :
	    sizeof(buf));
	for (i = 0; i < n; i++) {
		if (buf[i] != byte_at(c, c->got + (size_t)i)) {
			errno = 0;
			die("round %d: byte %zu is not what was sent",
			    c->round, c->got + (size_t)i);
		}
	}
	if (n == 0) {
		errno = 0;
		die("round %d: the server has closed", c->round);
	}
	return n;
}

/* A read or a write: 1 go on, 0 wait for the next event. */
static int
result(ssize_t n, size_t *count, const char *what)
{
	if (n != -1)
		*count += (size_t)n;	/* all, or a part */
	else if (errno == EAGAIN)
		return 0;
	else if (errno != EINTR)
		die("%s", what);
	return 1;
}

/*
 * Sends and receives until both fail with EAGAIN or have nothing to do.
 * Returns whether the last round has ended.
 */
static bool
converse(struct connection *c)
{
	bool may_send = true, may_receive = true;

	for (;;) {
		if (may_send && c->sent < (size_t)bytes)
			may_send = result(send_some(c), &c->sent, "write");
		else if (may_receive && c->got < c->sent)
			may_receive = result(receive_some(c), &c->got, "read");
		else
			return false;
		if (c->got == (size_t)bytes) {
			if (++c->round == rounds)
				return true;
			c->sent = c->got = 0;
		}
	}
}

/* Handles an event.  Returns whether the connection is done and closed. */
static bool
go_on(struct connection *c)
{
	if (c->stream.fd == CMIO_FD_NONE)
		return false;
	if (!c->connected) {
		if (cmio_finish_connect(&c->stream) == -1) {
			if (errno == EINPROGRESS)
				return false;
			die("connect");
		}
		c->connected = true;
	}
	if (!converse(c))
		return false;
	cmio_close(&c->stream);
	return true;
}

static void
run(struct connection *all)
{
	struct cmio_event events[MAX_EVENTS];
	int i, left, n;

	for (left = connections; left > 0;) {
		n = cmio_poll_wait(sources, events, MAX_EVENTS, PATIENCE);
		if (n == -1 && errno != EINTR)
			die("cmio_poll_wait");
		if (n == 0) {
			errno = 0;
			die("nothing has come for 30 s, %d to go", left);
		}
		for (i = 0; i < n; i++)
			left -= go_on(&all[events[i].token]);
	}
}

static int
number(const char *text)
{
	long n = strtol(text, NULL, 10);

	errno = 0;
	if (n < 1 || n > 1000000)
		die("%s: not a number from 1 to 1000000", text);
	return (int)n;
}

int
main(int argc, char **argv)
{
	struct connection *all;
	struct cmio_addr addr;
	double start, took;
	int i;

	errno = 0;
	if (argc < 2)
		die("usage: echo_client ADDRESS "
		    "[CONNECTIONS [ROUNDS [BYTES]]]");
	if (cmio_addr_parse(&addr, argv[1]) == -1)
		die("%s", argv[1]);
	if (argc > 2)
		connections = number(argv[2]);
	if (argc > 3)
		rounds = number(argv[3]);
	if (argc > 4)
		bytes = number(argv[4]);

	all = calloc((size_t)connections, sizeof(*all));
	sources = cmio_poll_new(NULL);
	if (all == NULL || sources == NULL)
		die("start");
	start = seconds();
	for (i = 0; i < connections; i++)
		if (cmio_tcp_connect(&all[i].stream, &addr) == -1 ||
		    cmio_register(sources, &all[i].stream, (uintptr_t)i,
		    CMIO_READABLE | CMIO_WRITABLE) == -1)
			die("connection %d to %s", i, argv[1]);
	run(all);
	took = seconds() - start;
	cmio_poll_unref(sources);
	free(all);
	printf("%d connections, %d round trips of %d bytes on each: "
	    "%.0f round trips per second\n", connections, rounds, bytes,
	    (double)connections * rounds / took);
	return 0;
}
