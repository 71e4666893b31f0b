/* SPDX-License-Identifier: MIT */
/* Step 4: clients that stay; the server prints what they send. */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include <cmio/net.h>

enum { MAX_CLIENTS = 64 };
enum { LISTENER = MAX_CLIENTS };	/* tokens; smaller: a client's index */

struct client {
	struct cmio_source	source;
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
	if (cmio_register(set, &clients[i].source, (uintptr_t)i,
	    CMIO_READABLE) == -1) {
		warn("register");
		drop(&clients[i]);
	}
}

/* Reads once.  Returns whether there may be more to read. */
static bool
read_once(struct client *client, bool to_the_end)
{
	char buf[512];
	ssize_t n = cmio_read(&client->source, buf, sizeof(buf));

	if (n > 0) {
		printf("client %d: %.*s", number_of(client), (int)n, buf);
		fflush(stdout);
		return (size_t)n == sizeof(buf) || to_the_end;
	}
	if (n == -1 && errno == EINTR)
		return true;
	if (n == -1 && errno == EAGAIN)
		return false;
	drop(client);
	return false;
}

static void
serve(struct client *client, unsigned int ready)
{
	bool to_the_end = ready & (CMIO_READ_CLOSED | CMIO_ERROR);

	if (!is_used(client))
		return;
	while (read_once(client, to_the_end))
		continue;
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
	int i, n;

	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	for (;;) {
		n = cmio_poll_wait(set, events, 16, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == LISTENER)
				accept_all();
			else
				serve(&clients[events[i].token],
				    events[i].ready);
	}
}
