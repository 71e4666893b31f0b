/* SPDX-License-Identifier: MIT */
/* The translation of afd/bits.h. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/afd/bits.h"
#include "selector/afd/device.h"
#include "selector/selector.h"

/*
 * AFD_CONNECT is not among these: it stays true for the whole life of a
 * connection, and SEND says the same once.
 */
enum {
	BROKEN = AFD_ABORT | AFD_CONNECT_FAIL,
	INCOMING = AFD_RECEIVE | AFD_RECEIVE_EXPEDITED | AFD_ACCEPT |
	    AFD_DISCONNECT | BROKEN,
	OUTGOING = AFD_SEND | BROKEN
};

uint32_t
cmio__afd_ends(uint32_t conditions)
{
	return conditions & (AFD_DISCONNECT | BROKEN);
}

uint32_t
cmio__afd_conditions(unsigned int interest, unsigned int armed,
    uint32_t reported)
{
	uint32_t directions = 0, ends = BROKEN;

	if (armed & CMIO_READABLE)
		directions |= AFD_RECEIVE | AFD_ACCEPT;
	if (armed & CMIO_WRITABLE)
		directions |= AFD_SEND;
	if (armed & CMIO_PRIORITY)
		directions |= AFD_RECEIVE_EXPEDITED;
	if (interest & CMIO_READABLE)
		ends |= AFD_DISCONNECT;
	if ((interest & CMIO_LEVEL) == 0)
		ends &= ~reported;
	if ((interest & CMIO_ONESHOT) && armed == 0)
		ends = 0;
	return directions | ends;
}

/* The directions that are open for an operation, whatever it will say. */
static unsigned int
open_directions(uint32_t conditions)
{
	unsigned int ready = 0;

	if (conditions & INCOMING)
		ready |= CMIO_READABLE;
	if (conditions & OUTGOING)
		ready |= CMIO_WRITABLE;
	if (conditions & AFD_RECEIVE_EXPEDITED)
		ready |= CMIO_PRIORITY;
	return ready;
}

static unsigned int
closed(bool datagram, uint32_t conditions)
{
	unsigned int ready = 0;

	if (conditions & AFD_DISCONNECT)
		ready |= CMIO_READ_CLOSED;
	if (conditions & BROKEN) {
		ready |= CMIO_ERROR;
		if (!datagram)
			ready |= CMIO_READ_CLOSED | CMIO_WRITE_CLOSED;
	}
	return ready;
}

unsigned int
cmio__afd_ready(bool datagram, unsigned int interest, unsigned int armed,
    uint32_t reported, uint32_t conditions)
{
	unsigned int ready = open_directions(conditions) & interest;
	uint32_t fresh = cmio__afd_ends(conditions);

	if ((interest & CMIO_LEVEL) == 0)
		fresh &= ~reported;
	/* Priority shows as readable too, also where that was not asked. */
	if (ready & CMIO_PRIORITY)
		ready |= CMIO_READABLE;
	if ((ready & armed) == 0 && fresh == 0)
		return 0;
	return ready | closed(datagram, conditions);
}
