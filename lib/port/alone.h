/* SPDX-License-Identifier: MIT */
/*
 * Whether the process has no thread but this one, for what would otherwise
 * need an atomic operation that locks the bus: false where nobody knows.
 * configure names the header that has cmio__alone().
 */
#ifndef CMIO_PORT_ALONE_H
#define CMIO_PORT_ALONE_H

#include <stdatomic.h>

#include CMIO_ALONE_H

/* Adds delta, and returns what the counter was. */
static inline unsigned int
cmio__count(atomic_uint *counter, unsigned int delta)
{
	unsigned int was;

	if (!cmio__alone())
		return atomic_fetch_add_explicit(counter, delta,
		    memory_order_acq_rel);
	was = atomic_load_explicit(counter, memory_order_relaxed);
	atomic_store_explicit(counter, was + delta, memory_order_relaxed);
	return was;
}

#endif
