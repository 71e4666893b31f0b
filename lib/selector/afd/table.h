/* SPDX-License-Identifier: MIT */
/*
 * The registered sockets by their descriptors.  The caller locks.
 */
#ifndef CMIO_AFD_TABLE_H
#define CMIO_AFD_TABLE_H

#include <stddef.h>

#include "selector/afd/sock.h"

struct table {
	struct sock	**chains;
	size_t		  n;		/* chains, a power of two, or 0 */
	size_t		  socks;
};

struct sock	*cmio__table_find(const struct table *table, cmio_fd fd);
int		 cmio__table_insert(struct table *table, struct sock *sock);
/* Where the record is in the table. */
void		 cmio__table_remove(struct table *table, struct sock *sock);
void		 cmio__table_free(struct table *table);

#endif
