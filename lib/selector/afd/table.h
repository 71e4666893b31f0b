/* SPDX-License-Identifier: MIT */
/*
 * The registered sockets by their descriptors.  The caller locks.
 */
#ifndef CMIO_AFD_TABLE_H
#define CMIO_AFD_TABLE_H

#include <stddef.h>

#include "selector/afd/request.h"

struct table {
	struct afd_record	**chains;
	size_t		  n;		/* chains, a power of two, or 0 */
	size_t		  records;
};

struct afd_record *cmio__table_find(const struct table *table, cmio_fd fd);
int	 cmio__table_insert(struct table *table, struct afd_record *record);
/* The record is in the table. */
void	 cmio__table_remove(struct table *table, struct afd_record *record);
void	 cmio__table_free(struct table *table);

#endif
