/* SPDX-License-Identifier: MIT */
/*
 * Freeing a client whose event is still in the batch.  The token is the
 * client's address, so a client may be freed only after all events of the
 * batch were handled.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmio/net.h>

struct client {
	struct cmio_source	 source;
	struct client		*next;		/* that is to be freed */
	struct client		*friend;
};

static struct cmio_poll *set;
static struct client *doomed;
static int closed, stale;

static bool
is_closed(const struct client *client)
{
	return client->source.fd == CMIO_FD_NONE;
}

/* May be called at any time; the memory stays until free_doomed(). */
static void
drop(struct client *client)
{
	if (is_closed(client))
		return;
	cmio_close(&client->source);
	client->next = doomed;
	doomed = client;
	closed++;
}

static void
free_doomed(void)
{
	struct client *client;

	while ((client = doomed) != NULL) {
		doomed = client->next;
		free(client);
	}
}

static void
handle(struct client *client)
{
	if (is_closed(client)) {	/* by an earlier event of the batch */
		stale++;
		return;
	}
	drop(client->friend);
	drop(client);
}

static struct client *
client_new(struct cmio_source *source)
{
	struct client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		err(1, "calloc");
	client->source = *source;
	if (cmio_register(set, &client->source, (uintptr_t)client,
	    CMIO_READABLE | CMIO_WRITABLE) == -1)
		err(1, "cmio_register");
	return client;
}

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_source pair[2];
	struct client *a, *b;
	int i, n;

	set = cmio_poll_new(NULL);
	if (set == NULL || cmio_unix_pair(pair, SOCK_STREAM) == -1)
		err(1, "cmio_unix_pair");
	a = client_new(&pair[0]);
	b = client_new(&pair[1]);
	a->friend = b;
	b->friend = a;
	while (closed < 2) {
		n = cmio_poll_wait(set, events, 16, -1);
		for (i = 0; i < n; i++)
			handle((struct client *)events[i].token);
		free_doomed();
	}
	printf("%d closed, %d events came too late\n", closed, stale);
	cmio_poll_unref(set);
	return 0;
}
