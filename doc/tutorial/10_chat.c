/* SPDX-License-Identifier: MIT */
/* Step 10: SIGINT and SIGTERM end the server. */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum { MAX_CLIENTS = 64, LINE = 512, TEXT = LINE + 32, QUEUE = 16 * TEXT };
enum { PATIENCE = 10 };		/* seconds for a client that reads nothing */
enum { LISTENER = MAX_CLIENTS, STOP };	/* tokens; smaller: a client's index */

struct client {
	struct cmio_source	source;
	bool			readable;	/* there may be more to read */
	bool			to_the_end;	/* read until 0 or -1 */
	time_t			moved;		/* time of the last send */
	size_t			in_len, out_len;
	char			in[LINE], out[QUEUE];
};

static struct cmio_poll *set;
static struct cmio_source listener;
static struct client clients[MAX_CLIENTS];
static bool accept_later;
static struct cmio_waker *stopper;

static void
print_address(const char *before, const struct cmio_addr *addr)
{
	char text[128];

	cmio_addr_format(addr, text, sizeof(text));
	printf("%s %s\n", before, text);
	fflush(stdout);
}

static int
number_of(const struct client *client)
{
	return (int)(client - clients);
}

static bool
is_used(const struct client *client)
{
	return client->source.fd != CMIO_FD_NONE;
}

static void
drop(struct client *client)
{
	printf("client %d left\n", number_of(client));
	fflush(stdout);
	cmio_close(&client->source);
}

static time_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int
free_index(void)
{
	int i = 0;

	while (i < MAX_CLIENTS && is_used(&clients[i]))
		i++;
	return i;
}

static void
welcome(struct cmio_source *stream, const struct cmio_addr *peer)
{
	int i = free_index();

	print_address("connection from", peer);
	clients[i].source = *stream;
	clients[i].readable = clients[i].to_the_end = false;
	clients[i].in_len = clients[i].out_len = 0;
	if (cmio_register(set, &clients[i].source, (uintptr_t)i,
	    CMIO_READABLE | CMIO_WRITABLE) == -1) {
		warn("register");
		drop(&clients[i]);
	}
}

/* Writes the queue until it is empty or the socket has no room. */
static void
flush(struct client *client)
{
	size_t sent = 0;
	ssize_t n = 0;

	while (sent < client->out_len) {
		n = cmio_write(&client->source, client->out + sent,
		    client->out_len - sent);
		if (n != -1)
			sent += (size_t)n;
		else if (errno != EINTR)
			break;
	}
	if (sent > 0)
		client->moved = now();
	client->out_len -= sent;
	memmove(client->out, client->out + sent, client->out_len);
	if (n == -1 && errno != EAGAIN)
		drop(client);
}

static void
send_to(struct client *client, const char *buf, size_t len)
{
	if (client->out_len == 0)
		client->moved = now();
	memcpy(client->out + client->out_len, buf, len);
	client->out_len += len;
	flush(client);
}

static void
send_to_others(const struct client *from, const char *buf, size_t len)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_used(&clients[i]) && &clients[i] != from)
			send_to(&clients[i], buf, len);
}

static bool
all_have_room(void)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_used(&clients[i]) && clients[i].out_len > QUEUE - TEXT)
			return false;
	return true;
}

/* A line that fills the buffer is split. */
static void
send_lines(struct client *client)
{
	char text[TEXT];
	const char *newline;
	int len;

	while (all_have_room()) {
		newline = memchr(client->in, '\n', client->in_len);
		if (newline == NULL && client->in_len < LINE)
			return;
		len = newline != NULL ? (int)(newline - client->in) : LINE;
		send_to_others(client, text, (size_t)snprintf(text,
		    sizeof(text), "%d: %.*s\n", number_of(client), len,
		    client->in));
		len += newline != NULL;
		client->in_len -= (size_t)len;
		memmove(client->in, client->in + len, client->in_len);
	}
}

/* Reads once, if all have room.  Returns whether there may be more to read. */
static bool
read_once(struct client *client)
{
	size_t room;
	ssize_t n;

	send_lines(client);		/* those that had to wait */
	if (!all_have_room())
		return true;
	room = LINE - client->in_len;
	n = cmio_read(&client->source, client->in + client->in_len, room);
	if (n > 0) {
		client->in_len += (size_t)n;
		send_lines(client);
		return (size_t)n == room || client->to_the_end ||
		    !all_have_room();
	}
	if (n == -1 && errno == EINTR)
		return true;
	if (n == -1 && errno == EAGAIN)
		return false;
	drop(client);
	return false;
}

/* Notes what an event says. */
static void
note(struct client *client, unsigned int ready)
{
	if (!is_used(client))
		return;
	if (ready & CMIO_READABLE)
		client->readable = true;
	if (ready & (CMIO_READ_CLOSED | CMIO_ERROR))
		client->to_the_end = true;
	if (ready & CMIO_WRITABLE)
		flush(client);
}

/* One read from each client.  Returns whether that can be done again. */
static bool
serve_all(void)
{
	bool more = false;
	int i;

	for (i = 0; i < MAX_CLIENTS; i++) {
		if (!is_used(&clients[i]) || !clients[i].readable)
			continue;
		clients[i].readable = read_once(&clients[i]);
		more = more || clients[i].readable;
	}
	return more && all_have_room();
}

static bool
is_waiting(const struct client *client)
{
	return is_used(client) && client->out_len > 0;
}

/* Drops each client whose queue did not move for PATIENCE seconds. */
static void
drop_slow(void)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_waiting(&clients[i]) &&
		    now() - clients[i].moved >= PATIENCE)
			drop(&clients[i]);
}

/* If it cannot accept all connections, it has to be called again later. */
static void
accept_all(void)
{
	struct cmio_source stream;
	struct cmio_addr peer;

	accept_later = true;
	while (free_index() < MAX_CLIENTS) {
		if (cmio_accept(&listener, &stream, &peer) == 0) {
			welcome(&stream, &peer);
		} else if (errno == EAGAIN) {
			accept_later = false;
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;		/* EMFILE, say */
		}
	}
}

/* How long the next wait may take. */
static int64_t
timeout(bool more)
{
	int i;

	if (more)
		return 0;
	if (accept_later)
		return INT64_C(100000000);
	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_waiting(&clients[i]))
			return INT64_C(1000000000);
	return -1;
}

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
start(const char *address)
{
	struct cmio_addr addr;
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		cmio_source_init(&clients[i].source, CMIO_FD_NONE);
	set = cmio_poll_new(NULL);
	if (set == NULL)
		err(1, "cmio_poll_new");
	stopper = cmio_waker_new(set, STOP);
	if (stopper == NULL)
		err(1, "cmio_waker_new");
	on_signals(on_signal);
	if (cmio_addr_parse(&addr, address) == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_register(set, &listener, LISTENER, CMIO_READABLE) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1)
		err(1, "%s", address);
	print_address("listening on", &addr);
}

static void
run(void)
{
	struct cmio_event events[16];
	bool more = false, stopped = false;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(set, events, 16, timeout(more));
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == STOP)
				stopped = true;
			else if (events[i].token == LISTENER)
				accept_later = true;
			else
				note(&clients[events[i].token],
				    events[i].ready);
		drop_slow();
		more = serve_all();
		if (accept_later)
			accept_all();
	}
}

static void
stop(void)
{
	int i;

	cmio_close(&listener);
	for (i = 0; i < MAX_CLIENTS; i++) {
		if (!is_used(&clients[i]))
			continue;
		if (clients[i].out_len <= QUEUE - TEXT)
			send_to(&clients[i], "server: good-bye\n", 17);
		if (is_used(&clients[i]))
			drop(&clients[i]);
	}
	on_signals(SIG_IGN);		/* before the waker is freed */
	cmio_waker_free(stopper);
	cmio_poll_unref(set);
}

int
main(int argc, char **argv)
{
	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	run();
	stop();
	return 0;
}
