/* SPDX-License-Identifier: MIT */
/*
 * chat_server [ADDRESS]: sends each line of a client to all other clients.
 *
 * The queues are bounded: while the queue of the slowest client is full the
 * server reads from nobody, so that TCP slows down the senders.  A client
 * that reads nothing for too long is disconnected.
 *
 * A second thread waits for signals, sets an atomic variable, and wakes the
 * loop: SIGUSR1 sends the number of clients to all of them, SIGINT and SIGTERM
 * end the server.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum {
	MAX_CLIENTS = 64,
	LINE = 1024,		/* the longest line; longer ones are split */
	QUEUE = 16 * LINE,	/* bytes queued for one client */
	PATIENCE = 10,		/* seconds for a client that reads nothing */
	SOON = 100000000	/* nanoseconds */
};
enum { LISTENER = MAX_CLIENTS, WAKE };	/* tokens; smaller: a client's index */
enum { STOP = 1, TELL = 2 };		/* requests of the signal thread */

struct client {
	struct cmio_source	stream;
	bool			readable;	/* until EAGAIN */
	bool			writable;
	time_t			moved;		/* of the last read */
	size_t			in_len, out_len;
	char			in[LINE], out[QUEUE];
};

static struct cmio_poll *sources;
static struct cmio_source listener;
static bool accept_later;
static struct client clients[MAX_CLIENTS];
static struct cmio_waker *waker;
static atomic_uint asked;

static time_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static bool
is_here(const struct client *client)
{
	return client->stream.fd != CMIO_FD_NONE;
}

/*
 * Puts a line into the queues of all clients but from.  There is always room
 * for a client's line; a client without room misses a line of the server's.
 */
static void
post(const struct client *from, const char *line, size_t len)
{
	struct client *client;

	for (client = clients; client < clients + MAX_CLIENTS; client++) {
		if (client == from || !is_here(client) ||
		    len > sizeof(client->out) - client->out_len)
			continue;
		if (client->out_len == 0)
			client->moved = now();
		memcpy(client->out + client->out_len, line, len);
		client->out_len += len;
	}
}

static void
tell_number(void)
{
	char line[64];
	int i, n = 0;

	for (i = 0; i < MAX_CLIENTS; i++)
		n += is_here(&clients[i]);
	post(NULL, line,
	    (size_t)snprintf(line, sizeof(line), "* %d here\n", n));
}

static void
leave(struct client *client)
{
	cmio_close(&client->stream);
	tell_number();
}

/* Whether each queue has room for a full line and one of the server's. */
static bool
room_for_all(void)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_here(&clients[i]) &&
		    clients[i].out_len > QUEUE - 2 * LINE)
			return false;
	return true;
}

/* Sends the complete lines; a line that fills the buffer is split. */
static void
pass_lines(struct client *client)
{
	char *end, *line = client->in;
	size_t left = client->in_len;

	while ((end = memchr(line, '\n', left)) != NULL) {
		post(client, line, (size_t)(end - line) + 1);
		left -= (size_t)(end - line) + 1;
		line = end + 1;
	}
	if (left == sizeof(client->in)) {
		line[left - 1] = '\n';
		post(client, line, left);
		left = 0;
	}
	memmove(client->in, line, left);
	client->in_len = left;
}

/* Both return whether they made progress. */
static bool
take(struct client *client)
{
	ssize_t n;

	if (!client->readable || !room_for_all())
		return false;
	n = cmio_read(&client->stream, client->in + client->in_len,
	    sizeof(client->in) - client->in_len);
	if (n > 0) {
		client->in_len += (size_t)n;
		pass_lines(client);
	} else if (n == -1 && errno == EAGAIN) {
		client->readable = false;
	} else if (n == 0 || errno != EINTR) {
		leave(client);
	}
	return client->readable;
}

static bool
give(struct client *client)
{
	ssize_t n;

	if (!client->writable || client->out_len == 0)
		return false;
	n = cmio_write(&client->stream, client->out, client->out_len);
	if (n > 0) {
		client->out_len -= (size_t)n;
		memmove(client->out, client->out + n, client->out_len);
		client->moved = now();
	} else if (n == -1 && errno == EAGAIN) {
		client->writable = false;
	} else if (n == -1 && errno != EINTR) {
		leave(client);
	}
	return client->writable;
}

static struct client *
free_place(void)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (!is_here(&clients[i]))
			return &clients[i];
	return NULL;
}

static void
accept_one(struct client *client)
{
	client->readable = client->writable = false;	/* until an event */
	client->in_len = client->out_len = 0;
	if (cmio_register(sources, &client->stream,
	    (uintptr_t)(client - clients),
	    CMIO_READABLE | CMIO_WRITABLE) == -1)
		cmio_close(&client->stream);
	else
		tell_number();
}

/*
 * Accepts until EAGAIN.  If it stops for another reason (no descriptors, no
 * free entry), no event reports when that ends: the loop has to try again.
 */
static void
accept_all(void)
{
	struct client *client;

	accept_later = true;
	while ((client = free_place()) != NULL) {
		if (cmio_accept(&listener, &client->stream, NULL) == 0) {
			accept_one(client);
		} else if (errno == EAGAIN) {
			accept_later = false;
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

/* Serves every client.  Returns how long the loop may sleep. */
static int64_t
take_turns(void)
{
	int64_t sleep = accept_later ? SOON : -1;
	struct client *client;
	bool moving = false;

	for (client = clients; client < clients + MAX_CLIENTS; client++) {
		if (is_here(client))
			moving |= give(client);
		if (is_here(client))
			moving |= take(client);
		if (is_here(client) && client->out_len > 0) {
			sleep = SOON;
			if (now() - client->moved > PATIENCE) {
				leave(client);
				moving = true;
			}
		}
	}
	return moving ? 0 : sleep;
}

/*
 * What the other thread wrote before cmio_waker_wake() is visible after the
 * wait that reports it.  Several wakes may be one event, so take all requests
 * at once.
 */
static bool
obey(void)
{
	unsigned int all = atomic_exchange(&asked, 0);

	if ((all & TELL) != 0)
		tell_number();
	return (all & STOP) != 0;
}

static void *
wait_for_signals(void *set)
{
	int number;

	do {
		if (sigwait(set, &number) != 0)
			continue;
		atomic_fetch_or(&asked, number == SIGUSR1 ? TELL : STOP);
		cmio_waker_wake(waker);
	} while (number == SIGUSR1);
	return NULL;
}

static void
start(const char *address)
{
	struct cmio_addr addr;
	char text[128];
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		cmio_source_init(&clients[i].stream, CMIO_FD_NONE);
	sources = cmio_poll_new(NULL);
	if (sources == NULL)
		err(1, "cmio_poll_new");
	waker = cmio_waker_new(sources, WAKE);
	if (waker == NULL)
		err(1, "cmio_waker_new");
	if (cmio_addr_parse(&addr, address) == -1)
		err(1, "%s", address);
	if (cmio_tcp_listen(&listener, &addr) == -1)
		err(1, "listen on %s", address);
	if (cmio_register(sources, &listener, LISTENER, CMIO_READABLE) == -1)
		err(1, "register");
	if (cmio_local_addr(&listener, &addr) == -1)
		err(1, "local address");
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
}

static void
run(void)
{
	struct cmio_event events[MAX_CLIENTS];
	bool stopped = false;
	int64_t timeout = -1;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(sources, events, MAX_CLIENTS, timeout);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++) {
			if (events[i].token == WAKE) {
				stopped |= obey();
			} else if (events[i].token == LISTENER) {
				accept_later = true;
			} else {
				struct client *client;

				client = &clients[events[i].token];
				if ((events[i].ready & CMIO_READABLE) != 0)
					client->readable = true;
				if ((events[i].ready & CMIO_WRITABLE) != 0)
					client->writable = true;
			}
		}
		if (accept_later)
			accept_all();
		timeout = take_turns();
	}
}

int
main(int argc, char **argv)
{
	pthread_t thread;
	sigset_t set;
	int i, number;

	/* Blocked before a thread is started, so blocked in all threads. */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);

	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	number = pthread_create(&thread, NULL, wait_for_signals, &set);
	if (number != 0)
		errx(1, "pthread_create: %s", strerror(number));
	run();

	pthread_join(thread, NULL);
	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_here(&clients[i]))
			cmio_close(&clients[i].stream);
	cmio_close(&listener);
	cmio_waker_free(waker);
	cmio_poll_unref(sources);
	return 0;
}
