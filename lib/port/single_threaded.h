/* SPDX-License-Identifier: MIT */
/*
 * Whether the process has only one thread, so that an atomic operation which
 * locks the bus can be left out.  False if that is unknown.  configure names
 * the header that defines cmio__single_threaded().
 */
#ifndef CMIO_PORT_SINGLE_THREADED_H
#define CMIO_PORT_SINGLE_THREADED_H

#include <stdatomic.h>

#include CMIO_SINGLE_THREADED_H

/* Adds delta to the counter and returns its previous value. */
static inline unsigned int
cmio__count(atomic_uint *counter, unsigned int delta)
{
	unsigned int was;

	if (!cmio__single_threaded())
		return atomic_fetch_add_explicit(counter, delta,
		    memory_order_acq_rel);
	was = atomic_load_explicit(counter, memory_order_relaxed);
	atomic_store_explicit(counter, was + delta, memory_order_relaxed);
	return was;
}

#endif
