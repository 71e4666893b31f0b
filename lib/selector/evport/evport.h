/* SPDX-License-Identifier: MIT */
/*
 * What the kernel is asked about each source: its association with the port,
 * which ends when it has made an event.  The lock of the poll is held.
 */
#ifndef CMIO_EVPORT_H
#define CMIO_EVPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/record.h"
#include "selector/selector.h"

struct entry {
	struct record		record;
	uintptr_t		number;		/* of its last association */
	bool			waiting;	/* in the list of ports */
	struct entry		*next;
};

struct ports {
	struct cmio_poll	base;
	int			port;
	struct records		records;
	struct entry		*again;		/* to ask before a wait */
	uintptr_t		last;		/* number given */
	unsigned int		asleep;		/* threads in the port */
};

static inline struct entry *
entry(struct record *r)
{
	return (struct entry *)r;
}

/*
 * Associates a source with the port, in place of what was asked before.
 * Returns 0 or a negative errno number.
 */
int	cmio__evport_ask(struct ports *ports, struct record *r);

/* The same when the next wait begins, and not then. */
void	cmio__evport_ask_later(struct ports *ports, struct entry *e);
void	cmio__evport_unlist(struct ports *ports, struct entry *e);

/* A wait begins. */
void	cmio__evport_ask_again(struct ports *ports);

/* Forgets a record, which is its source's to free. */
void	cmio__evport_drop(struct ports *ports, struct record *r);

#endif
