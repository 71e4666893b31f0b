/* SPDX-License-Identifier: MIT */
/* Step 8: if a queue is full, nobody is read from. */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmio/net.h>

enum { MAX_CLIENTS = 64, LINE = 512, TEXT = LINE + 32, QUEUE = 16 * TEXT };
enum { LISTENER = MAX_CLIENTS };	/* tokens; smaller: a client's index */

struct client {
	struct cmio_source	source;
	bool			readable;	/* there may be more to read */
	bool			to_the_end;	/* read until 0 or -1 */
	size_t			in_len, out_len;
	char			in[LINE], out[QUEUE];
};

static struct cmio_poll *set;
static struct cmio_source listener;
static struct client clients[MAX_CLIENTS];

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

static void
welcome(struct cmio_source *stream, const struct cmio_addr *peer)
{
	int i = 0;

	print_address("connection from", peer);
	while (i < MAX_CLIENTS && is_used(&clients[i]))
		i++;
	if (i == MAX_CLIENTS) {
		cmio_close(stream);
		return;
	}
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
	client->out_len -= sent;
	memmove(client->out, client->out + sent, client->out_len);
	if (n == -1 && errno != EAGAIN)
		drop(client);
}

static void
send_to(struct client *client, const char *buf, size_t len)
{
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

static void
accept_all(void)
{
	struct cmio_source stream;
	struct cmio_addr peer;

	for (;;) {
		if (cmio_accept(&listener, &stream, &peer) == 0) {
			welcome(&stream, &peer);
		} else if (errno != EINTR && errno != ECONNABORTED) {
			if (errno != EAGAIN)
				warn("accept");
			return;
		}
	}
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
	if (cmio_addr_parse(&addr, address) == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_register(set, &listener, LISTENER, CMIO_READABLE) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1)
		err(1, "%s", address);
	print_address("listening on", &addr);
}

int
main(int argc, char **argv)
{
	struct cmio_event events[16];
	bool more = false;
	int i, n;

	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	for (;;) {
		n = cmio_poll_wait(set, events, 16, more ? 0 : -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == LISTENER)
				accept_all();
			else
				note(&clients[events[i].token],
				    events[i].ready);
		more = serve_all();
	}
}
