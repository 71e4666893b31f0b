/* SPDX-License-Identifier: MIT */
/* The associations of evport.h. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <port.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "selector/evport/evport.h"
#include "selector/poll_bits.h"
#include "selector/record.h"

int
cmio__evport_ask(struct ports *ports, struct record *r)
{
	struct entry *e = entry(r);
	short events = cmio__poll_events(r->interest, r->armed, r->reported);

	e->number = ++ports->last;
	if (cmio__poll_silent(r->interest, r->armed, r->reported)) {
		port_dissociate(ports->port, PORT_SOURCE_FD, (uintptr_t)r->fd);
		return 0;
	}
	return port_associate(ports->port, PORT_SOURCE_FD, (uintptr_t)r->fd,
	    events, (void *)e->number) == -1 ? -errno : 0;
}

void
cmio__evport_unlist(struct ports *ports, struct entry *e)
{
	struct entry **at;

	if (!e->waiting)
		return;
	for (at = &ports->again; *at != e; at = &(*at)->next)
		;
	*at = e->next;
	e->waiting = false;
}

void
cmio__evport_drop(struct ports *ports, struct record *r)
{
	cmio__evport_unlist(ports, entry(r));
	cmio__record_leave(&ports->records, r);
}

/*
 * A source that is reported for as long as it is ready is asked about when
 * the next wait begins, not before: the port would keep an old answer.
 */
void
cmio__evport_ask_again(struct ports *ports)
{
	struct entry *e;

	while ((e = ports->again) != NULL) {
		cmio__evport_unlist(ports, e);
		if (cmio__evport_ask(ports, &e->record) != 0)
			cmio__evport_drop(ports, &e->record);
	}
}

void
cmio__evport_ask_later(struct ports *ports, struct entry *e)
{
	if (e->waiting)
		return;
	e->waiting = true;
	e->next = ports->again;
	ports->again = e;
}
