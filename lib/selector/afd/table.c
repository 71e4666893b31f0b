/* SPDX-License-Identifier: MIT */
/* The table of afd/table.h: chains, about as many as records. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "selector/afd/table.h"

enum { FIRST_CHAINS = 16 };

/* Handles are multiples of four, and close to each other. */
static struct sock **
chain_of(struct sock **chains, size_t n, cmio_fd fd)
{
	return &chains[(fd >> 2) & (n - 1)];
}

struct sock *
cmio__table_find(const struct table *table, cmio_fd fd)
{
	struct sock *sock;

	if (table->n == 0)
		return NULL;
	sock = *chain_of(table->chains, table->n, fd);
	while (sock != NULL && sock->fd != fd)
		sock = sock->chain;
	return sock;
}

static void
link_into(struct sock **chain, struct sock *sock)
{
	sock->chain = *chain;
	*chain = sock;
}

static int
grow(struct table *table)
{
	size_t i, n = table->n == 0 ? FIRST_CHAINS : table->n * 2;
	struct sock **chains, *sock, *next;

	chains = calloc(n, sizeof(struct sock *));
	if (chains == NULL)
		return -ENOMEM;
	for (i = 0; i < table->n; i++)
		for (sock = table->chains[i]; sock != NULL; sock = next) {
			next = sock->chain;
			link_into(chain_of(chains, n, sock->fd), sock);
		}
	free(table->chains);
	table->chains = chains;
	table->n = n;
	return 0;
}

int
cmio__table_insert(struct table *table, struct sock *sock)
{
	int rc;

	if (table->socks >= table->n) {
		rc = grow(table);
		if (rc != 0)
			return rc;
	}
	link_into(chain_of(table->chains, table->n, sock->fd), sock);
	table->socks++;
	return 0;
}

void
cmio__table_remove(struct table *table, struct sock *sock)
{
	struct sock **at;

	if (table->n == 0)
		return;
	at = chain_of(table->chains, table->n, sock->fd);
	while (*at != NULL && *at != sock)
		at = &(*at)->chain;
	if (*at == NULL)
		return;
	*at = sock->chain;
	table->socks--;
}

void
cmio__table_free(struct table *table)
{
	free(table->chains);
}
