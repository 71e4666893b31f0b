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
static struct afd_record **
chain_of(struct afd_record **chains, size_t n, cmio_fd fd)
{
	return &chains[(fd >> 2) & (n - 1)];
}

struct afd_record *
cmio__table_find(const struct table *table, cmio_fd fd)
{
	struct afd_record *record;

	if (table->n == 0)
		return NULL;
	record = *chain_of(table->chains, table->n, fd);
	while (record != NULL && record->fd != fd)
		record = record->chain;
	return record;
}

static void
link_into(struct afd_record **chain, struct afd_record *record)
{
	record->chain = *chain;
	*chain = record;
}

static int
grow(struct table *table)
{
	size_t i, n = table->n == 0 ? FIRST_CHAINS : table->n * 2;
	struct afd_record **chains, *record, *next;

	chains = calloc(n, sizeof(struct afd_record *));
	if (chains == NULL)
		return -ENOMEM;
	for (i = 0; i < table->n; i++)
		for (record = table->chains[i]; record != NULL; record = next) {
			next = record->chain;
			link_into(chain_of(chains, n, record->fd), record);
		}
	free(table->chains);
	table->chains = chains;
	table->n = n;
	return 0;
}

int
cmio__table_insert(struct table *table, struct afd_record *record)
{
	int rc;

	if (table->records >= table->n) {
		rc = grow(table);
		if (rc != 0)
			return rc;
	}
	link_into(chain_of(table->chains, table->n, record->fd), record);
	table->records++;
	return 0;
}

void
cmio__table_remove(struct table *table, struct afd_record *record)
{
	struct afd_record **at;

	if (table->n == 0)
		return;
	at = chain_of(table->chains, table->n, record->fd);
	while (*at != NULL && *at != record)
		at = &(*at)->chain;
	if (*at == NULL)
		return;
	*at = record->chain;
	table->records--;
}

void
cmio__table_free(struct table *table)
{
	free(table->chains);
}
