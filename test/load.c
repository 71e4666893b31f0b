/* SPDX-License-Identifier: MIT */
/*
 * Load: a server process and a client process, on loopback.  The server
 * echoes; the client checks every byte, and randomly half closes, resets and
 * reads slowly.  Before that, many short connections arrive at a server that
 * has few descriptors: it must serve all of them.
 *
 * load [seconds [connections [selector]]]; 0 connections means as many as the
 * limit of descriptors allows.
 */
#include "load.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "selectors.h"

void
die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static time_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static unsigned int
draw(struct side *side)
{
	side->random ^= side->random << 13;
	side->random ^= side->random >> 7;
	side->random ^= side->random << 17;
	return (unsigned int)(side->random >> 16);
}

static char
byte_at(const struct conn *conn, size_t at)
{
	return (char)(conn->id * 31 + at * 7 + (at >> 8));
}

void
shut_conn(struct side *side, struct conn *conn)
{
	cmio_close(&conn->source);
	conn->open = conn->connected = false;
	side->open--;
}

bool
adopt(struct side *side, struct conn *conn, const struct cmio_source *source)
{
	conn->source = *source;
	if (cmio_register(side->poll, &conn->source,
	    (uintptr_t)(FIRST_CONN + (conn - side->conns)),
	    CMIO_READABLE | CMIO_WRITABLE) == -1)
		die("cmio_register");
	conn->open = true;
	side->open++;
	return true;
}

struct conn *
spare_conn(struct side *side)
{
	struct conn *conn;

	if (side->open == side->most)
		return NULL;
	do {
		side->spare = (side->spare + 1) % side->most;
		conn = &side->conns[side->spare];
	} while (conn->open);
	return memset(conn, 0, sizeof(*conn));
}

/* ---- The client. */

static void
begin(struct side *side)
{
	struct conn *conn = spare_conn(side);
	struct cmio_source stream;

	if (conn == NULL)
		return;
	if (cmio_tcp_connect(&stream, &side->addrs[draw(side) % LISTENERS]) ==
	    -1) {
		if (errno != EADDRNOTAVAIL && errno != EMFILE)
			die("cmio_tcp_connect");
		side->none++;
		return;
	}
	conn->id = draw(side);
	conn->manner = (enum manner)(draw(side) % MANNERS);
	conn->size = 1 + draw(side) % LARGEST;
	conn->stop = conn->manner == RESET ? draw(side) % conn->size :
	    conn->size;
	adopt(side, conn, &stream);
}

static void
finish(struct side *side, struct conn *conn, bool reset)
{
	if (reset && cmio_set_linger(&conn->source, 0) == -1 &&
	    errno != EINVAL)
		die("cmio_set_linger");
	side->resets += reset;
	side->done++;
	shut_conn(side, conn);
}

static void
send_some(struct side *side, struct conn *conn)
{
	size_t n = 0, most = conn->size - conn->sent;
	char buf[BUFFER];
	ssize_t rc;

	for (; n < sizeof(buf) && n < most; n++)
		buf[n] = byte_at(conn, conn->sent + n);
	rc = cmio_write(&conn->source, buf, n);
	if (rc == -1 && errno != EAGAIN)
		die("client: cmio_write");
	conn->sent += rc > 0 ? (size_t)rc : 0;
	side->bytes += rc > 0 ? (size_t)rc : 0;
	if (conn->sent == conn->size && conn->manner == HALF_CLOSE) {
		conn->shut = true;
		if (cmio_shutdown(&conn->source, SHUT_WR) == -1)
			die("client: cmio_shutdown");
	}
	if (rc > 0 && conn->sent < conn->size)
		send_some(side, conn);
}

static ssize_t
receive_some(struct side *side, struct conn *conn, size_t most)
{
	char buf[BUFFER];
	ssize_t i, n;

	n = cmio_read(&conn->source, buf, most < BUFFER ? most : BUFFER);
	if (n == -1 && errno != EAGAIN)
		die("client: cmio_read");
	for (i = 0; i < n; i++)
		if (buf[i] != byte_at(conn, conn->received + (size_t)i))
			die("client: a byte is not what was sent");
	if (n > 0) {
		conn->received += (size_t)n;
		side->bytes += (size_t)n;
	}
	conn->eof = n == 0;
	return n;
}

/* Reads at most this much; the rest is read at the next tick. */
static void
drive(struct side *side, struct conn *conn, size_t most)
{
	size_t before = conn->received;

	if (conn->sent < conn->size)
		send_some(side, conn);
	while (conn->received - before < most)
		if (receive_some(side, conn, most) <= 0)
			break;
	if (conn->eof && (!conn->shut || conn->received != conn->size))
		die("client: the connection ended early");
	if (conn->manner == HALF_CLOSE ? conn->eof :
	    conn->received >= conn->stop)
		finish(side, conn, conn->manner == RESET);
}

static void
drive_slow(struct side *side)
{
	int i;

	for (i = 0; i < side->most; i++)
		if (side->conns[i].connected && side->conns[i].manner == SLOW)
			drive(side, &side->conns[i], SLOW_BYTES);
}

static void
client_event(struct side *side, const struct cmio_event *event)
{
	struct conn *conn;

	if (event->token == WAKER)
		side->wakes++;
	else if (event->token >= FIRST_CONN) {
		conn = &side->conns[event->token - FIRST_CONN];
		if (!conn->open)
			return;
		/* Writing before that is ENOTCONN on FreeBSD. */
		if (!conn->connected &&
		    cmio_finish_connect(&conn->source) == -1) {
			if (errno == EINPROGRESS)
				return;
			die("cmio_finish_connect");
		}
		conn->connected = true;
		drive(side, conn, conn->manner == SLOW ? SLOW_BYTES :
		    SIZE_MAX);
	}
}

static bool
run_client(struct side *side, int seconds)
{
	time_t start = now(), end = start + seconds, moved = start;
	struct cmio_event events[EVENTS];
	unsigned long long before = 0;
	long early = 0, late;
	int i, n;

	while (now() < end) {
		for (i = 0; i < 50 && side->open < side->most; i++)
			begin(side);
		n = cmio_poll_wait(side->poll, events, EVENTS, TICK);
		if (n == -1 && errno != EINTR)
			die("cmio_poll_wait");
		for (i = 0; i < n; i++)
			client_event(side, &events[i]);
		drive_slow(side);
		if (side->bytes != before)
			moved = now();
		before = side->bytes;
		if (now() - moved > STALL)
			die("client: nothing moves");
		if (early == 0 && now() - start > seconds / 4)
			early = resident();
	}
	late = resident();
	printf("  client: %lu connections, %lu of them reset, %llu bytes, "
	    "%lu wakes, %lu without a port, %ld kB and then %ld kB\n",
	    side->done, side->resets, side->bytes, side->wakes, side->none,
	    early, late);
	return side->done != 0 && late <= early + early / 10 + 1024;
}

/* ---- Both. */

long
resident(void)
{
	long pages = 0, size;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f != NULL) {
		if (fscanf(f, "%ld %ld", &size, &pages) != 2)
			pages = 0;
		fclose(f);
	}
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

void *
wake_often(void *arg)
{
	const struct timespec pause = { 0, 2000000 };
	struct side *side = arg;

	while (!atomic_load(&side->over)) {
		if (cmio_waker_wake(side->waker) == -1)
			die("cmio_waker_wake");
		nanosleep(&pause, NULL);
	}
	return NULL;
}

struct side *
open_side(const char *selector, int connections)
{
	struct side *side = calloc(1, sizeof(*side));

	if (side == NULL)
		die("calloc");
	side->most = connections;
	side->random = UINT64_C(88172645463325252);
	side->conns = calloc((size_t)connections, sizeof(*side->conns));
	side->poll = cmio_poll_new(selector);
	if (side->conns == NULL || side->poll == NULL)
		die(selector);
	side->waker = cmio_waker_new(side->poll, WAKER);
	if (side->waker == NULL)
		die("cmio_waker_new");
	return side;
}

static bool
open_listener(struct cmio_source *listener, struct cmio_addr *addr,
    const char *text)
{
	return cmio_addr_parse(addr, text) == 0 &&
	    cmio_tcp_listen(listener, addr) == 0 &&
	    cmio_local_addr(listener, addr) == 0;
}

static void
open_listeners(struct cmio_source *listeners, struct cmio_addr *addrs)
{
	char text[30];
	int i;

	for (i = 0; i < LISTENERS; i++) {
		/* Some systems have only the first address. */
		snprintf(text, sizeof(text), "127.0.0.%d:0", i + 1);
		if (!open_listener(&listeners[i], &addrs[i], text) &&
		    !open_listener(&listeners[i], &addrs[i], "127.0.0.1:0"))
			die(text);
	}
}

/* Sends a byte, and expects it back. */
static bool
run_storm(struct side *side)
{
	time_t moved = now();
	struct cmio_event events[EVENTS];
	unsigned long before = 0, begun = 0;
	int i, n;

	while (side->done < STORM) {
		while (side->open < side->most && begun < STORM) {
			n = side->open;
			begin(side);
			if (side->open == n)
				break;
			begun++;
		}
		n = cmio_poll_wait(side->poll, events, EVENTS, TICK);
		for (i = 0; i < n; i++)
			client_event(side, &events[i]);
		drive_slow(side);
		if (side->done != before)
			moved = now();
		before = side->done;
		if (now() - moved > STALL)
			return false;
	}
	printf("  storm: %lu connections\n", side->done);
	return true;
}

static void
close_side(struct side *side)
{
	int i;

	for (i = 0; i < side->most; i++)
		if (side->conns[i].open)
			shut_conn(side, &side->conns[i]);
	cmio_waker_free(side->waker);
	cmio_poll_unref(side->poll);
	free(side->conns);
	free(side);
}

static bool
run(const char *selector, int connections, int seconds, int limit)
{
	struct cmio_source listeners[LISTENERS], control[2];
	struct cmio_addr addrs[LISTENERS];
	struct side *side;
	pthread_t thread;
	int i, status;
	pid_t server;
	bool good;

	open_listeners(listeners, addrs);
	if (cmio_unix_pair(control, SOCK_STREAM) == -1)
		die("cmio_unix_pair");
	fflush(stdout);
	server = fork();
	if (server == -1)
		die("fork");
	if (server == 0) {
		cmio_close(&control[0]);
		be_server(selector, connections, listeners, &control[1],
		    limit);
	}
	cmio_close(&control[1]);
	for (i = 0; i < LISTENERS; i++)
		cmio_close(&listeners[i]);
	side = open_side(selector, connections);
	memcpy(side->addrs, addrs, sizeof(addrs));
	if (pthread_create(&thread, NULL, wake_often, side) != 0)
		die("pthread_create");
	good = limit != 0 ? run_storm(side) : run_client(side, seconds);
	atomic_store(&side->over, true);
	pthread_join(thread, NULL);
	cmio_close(&control[0]);
	if (waitpid(server, &status, 0) != server || status != 0)
		good = false;
	close_side(side);
	return good;
}

int
main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 2;
	int connections = argc > 2 ? atoi(argv[2]) : 100;
	const char *names[MOST_SELECTORS + 1], *const *name;
	struct rlimit limit;
	int bad = 0, ran = 0;

	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (connections <= 0 || (rlim_t)connections > limit.rlim_cur - SPARE)
		connections = (int)(limit.rlim_cur - SPARE);
	for (name = selectors_to_test(names); *name != NULL; name++) {
		if (argc > 3 && strcmp(argv[3], *name) != 0)
			continue;
		ran++;
		printf("%s, %d connections at once\n", *name, connections);
		bad += !run(*name, connections, seconds, 0);
		bad += !run(*name, 2 * STORM_LIMIT, seconds, STORM_LIMIT);
	}
	printf("%d selectors, %d failures\n", ran, bad);
	return ran != 0 && bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
