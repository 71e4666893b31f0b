/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors were added last, for the selectors that hold no record
 * of a source.
 *
 * A program may close a registered descriptor without telling.  Its number
 * is then given to another, and when that is registered too, the first
 * source must no longer be able to change or remove it.  So each addition has
 * a stamp, one more than the last of its slot: the source keeps it, and the
 * slot with the descriptor's number.  Another stamp of the same descriptor is
 * a source whose descriptor was closed.
 *
 * Descriptors whose numbers differ by a multiple of RECENT_SLOTS share a slot,
 * and there the last addition alone is known: this notices what is recent and
 * misses what is old.  A slot for each descriptor would miss nothing, but a
 * poll is to have 256 bytes at the most.
 */
#ifndef CMIO_RECENT_H
#define CMIO_RECENT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "port/api.h"
#include "port/kind.h"

enum {
	RECENT_SLOTS = 16,
	/* A slot has a part of fd in its low bits, and above it the stamp. */
	RECENT_FD_BITS = KIND__GENERATION,
	RECENT_FD = (1 << RECENT_FD_BITS) - 1,
	RECENT_LIMIT = RECENT_SLOTS << RECENT_FD_BITS
};

struct recent {
	atomic_uint	slots[RECENT_SLOTS];
};

static inline atomic_uint *
recent_slot(struct recent *recent, cmio_fd fd)
{
	return &recent->slots[(unsigned int)fd % RECENT_SLOTS];
}

/* What the slot has of a source that was added last. */
static inline unsigned int
recent_entry(const struct cmio_source *source)
{
	return cmio__kind_generation(source) << RECENT_FD_BITS |
	    (unsigned int)source->fd / RECENT_SLOTS;
}

/* The source was added; give it a stamp, and it only. */
static inline void
recent_note(struct recent *recent, struct cmio_source *source)
{
	atomic_uint *slot = recent_slot(recent, source->fd);
	unsigned int last;

	/* Two threads may draw the same: they add different descriptors. */
	last = atomic_load_explicit(slot, memory_order_relaxed);
	cmio__kind_set_generation(source, (last >> RECENT_FD_BITS) + 1);
	if (source->fd < RECENT_LIMIT)
		atomic_store_explicit(slot, recent_entry(source),
		    memory_order_relaxed);
}

/* Whether source's descriptor was added again since source was. */
static inline bool
recent_superseded(struct recent *recent, const struct cmio_source *source)
{
	unsigned int differs;

	differs = recent_entry(source) ^ atomic_load_explicit(
	    recent_slot(recent, source->fd), memory_order_relaxed);
	return differs != 0 && (differs & RECENT_FD) == 0 &&
	    source->fd < RECENT_LIMIT;
}

#endif
