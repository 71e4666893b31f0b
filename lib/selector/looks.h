/* SPDX-License-Identifier: MIT */
/*
 * The wait of a selector that has records: looks at the sources with a
 * condition that lasts, and then the kernel's wait.
 */
#ifndef CMIO_LOOKS_H
#define CMIO_LOOKS_H

#include <stdint.h>

#include "selector/record.h"
#include "selector/selector.h"

/* What the selector does; the lock of the poll is held. */
struct look_ops {
	/* The kernel's wait, without the lock while it sleeps. */
	int	(*wait)(struct cmio_poll *poll, struct cmio_event *events,
		    int nevents, int64_t timeout);
	/* The record has changed, or its descriptor was found closed. */
	void	(*update)(struct cmio_poll *poll, struct record *r);
	void	(*drop)(struct cmio_poll *poll, struct record *r);
};

/* Returns what the selector's wait does.  The lock of the poll is held. */
int	cmio__look_and_wait(struct cmio_poll *poll, struct records *records,
	    const struct look_ops *ops, struct cmio_event *events,
	    int nevents, int64_t timeout);

#endif
