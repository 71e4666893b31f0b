/* SPDX-License-Identifier: MIT */
/*
 * tcp_echo_server [ADDRESS]: sends back to each client what it sent.
 *
 * One thread serves all clients.  The server reads from a client only when it
 * has sent back what it read before, so its memory does not grow.  SIGINT and
 * SIGTERM end it.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum {
	MAX_CLIENTS = 4096,
	MAX_EVENTS = 128,	/* for one wait */
	TURN = 16,		/* steps for one client, then the others */
	SOON = 100000000	/* nanoseconds */
};
#define BOTH	(CMIO_READABLE | CMIO_WRITABLE)

/*
 * The clients are in a table and never move; a token is an address in the
 * table.  So an event for a client that was closed a moment ago points to a
 * free entry, or to a new client, for which it is a wrong hint and harmless.
 */
struct client {
	struct cmio_source	 stream;
	struct client		*next;		/* in the free list */
	size_t			 sent, len;	/* of what is in buf */
	char			 buf[4096];
};

struct server {
	struct cmio_poll	*poll;
	struct cmio_source	 listener;
	struct client		*free;
	bool			 accept_later;
	struct client		 clients[MAX_CLIENTS];
};

enum { LISTENER, STOP };	/* tokens; no address is that small */

static struct server server;
static struct cmio_waker *stopper;

/* cmio_waker_wake() is async-signal-safe. */
static void
on_signal(int number)
{
	int saved = errno;

	(void)number;
	cmio_waker_wake(stopper);
	errno = saved;
}

static void
on_signals(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void
drop(struct client *client)
{
	cmio_close(&client->stream);
	client->next = server.free;
	server.free = client;
}

/* One read or write: 1 go on, 0 wait for the next event, -1 it is over. */
static int
step(struct client *client)
{
	ssize_t n;

	if (client->sent < client->len) {
		n = cmio_write(&client->stream, client->buf + client->sent,
		    client->len - client->sent);
		if (n != -1)
			client->sent += (size_t)n;	/* all, or a part */
	} else {
		n = cmio_read(&client->stream, client->buf,
		    sizeof(client->buf));
		if (n == 0)
			return -1;
		client->sent = 0;
		client->len = n == -1 ? 0 : (size_t)n;
	}
	if (n != -1 || errno == EINTR)
		return 1;
	return errno == EAGAIN ? 0 : -1;
}

/*
 * The next event comes only after EAGAIN.  If a client still has data after
 * TURN steps it is reregistered, so that the next wait reports it again, after
 * the others.
 */
static void
serve(struct client *client)
{
	int i, more = 1;

	if (client->stream.fd == CMIO_FD_NONE)
		return;
	for (i = 0; i < TURN && more == 1; i++)
		more = step(client);
	if (more == 1 && cmio_reregister(server.poll, &client->stream,
	    (uintptr_t)client, BOTH) == -1)
		more = -1;
	if (more == -1)
		drop(client);
}

/* The new client uses the first free entry. */
static void
welcome(void)
{
	struct client *client = server.free;

	server.free = client->next;
	client->sent = client->len = 0;
	if (cmio_register(server.poll, &client->stream, (uintptr_t)client,
	    BOTH) == -1) {
		warn("register");
		drop(client);
	}
}

/*
 * Accepts until EAGAIN.  If it fails because there are no descriptors, no
 * memory or no free entry, the connection stays in the queue, but its event
 * has been used up and no event reports when that ends: the loop has to try
 * again.
 */
static void
accept_all(void)
{
	bool quiet = server.accept_later;

	server.accept_later = true;
	while (server.free != NULL) {
		if (cmio_accept(&server.listener, &server.free->stream,
		    NULL) == 0) {
			welcome();
		} else if (errno == EAGAIN) {
			server.accept_later = false;
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			if (!quiet)
				warn("accept");
			return;
		}
	}
}

static void
start(const char *address)
{
	struct cmio_addr addr;
	char text[128];
	int i;

	for (i = 0; i < MAX_CLIENTS; i++) {
		cmio_source_init(&server.clients[i].stream, CMIO_FD_NONE);
		server.clients[i].next = server.free;
		server.free = &server.clients[i];
	}
	server.poll = cmio_poll_new(NULL);
	if (server.poll == NULL)
		err(1, "cmio_poll_new");
	stopper = cmio_waker_new(server.poll, STOP);
	if (stopper == NULL)
		err(1, "cmio_waker_new");
	on_signals(on_signal);

	if (cmio_addr_parse(&addr, address) == -1)
		err(1, "%s", address);
	if (cmio_tcp_listen(&server.listener, &addr) == -1)
		err(1, "listen on %s", address);
	if (cmio_register(server.poll, &server.listener, LISTENER,
	    CMIO_READABLE) == -1)
		err(1, "register");
	if (cmio_local_addr(&server.listener, &addr) == -1)
		err(1, "local address");
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
}

static void
run(void)
{
	struct cmio_event events[MAX_EVENTS];
	bool stopped = false;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(server.poll, events, MAX_EVENTS,
		    server.accept_later ? SOON : -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++) {
			if (events[i].token == STOP)
				stopped = true;
			else if (events[i].token == LISTENER)
				server.accept_later = true;
			else
				serve((struct client *)events[i].token);
		}
		if (server.accept_later)
			accept_all();
	}
}

static void
stop(void)
{
	int i;

	on_signals(SIG_IGN);		/* before the waker is freed */
	for (i = 0; i < MAX_CLIENTS; i++)
		if (server.clients[i].stream.fd != CMIO_FD_NONE)
			cmio_close(&server.clients[i].stream);
	cmio_close(&server.listener);
	cmio_waker_free(stopper);
	cmio_poll_unref(server.poll);
}

int
main(int argc, char **argv)
{
	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	run();
	stop();
	return 0;
}
