/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors were added last, for the selectors that hold no record
 * of a source.
 *
 * A program may close a registered descriptor without telling.  Its number
 * is then given to another, and when that is registered too, the first
 * source must no longer be able to change or remove it.  Each addition has a
 * stamp, kept in the source; the poll remembers the stamp of the last
 * addition for each of a few classes of descriptors.  An older stamp of the
 * same descriptor is a source whose descriptor was closed.  (The memory is
 * of a fixed size, so this notices what is recent and misses what is old.)
 */
#ifndef CMIO_RECENT_H
#define CMIO_RECENT_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "port/kind.h"

enum {
	RECENT_SLOTS = 8,
	/* A slot is a descriptor and a stamp, which is 20 bits in kind. */
	RECENT_STAMP_BITS = sizeof(uintptr_t) >= 8 ? 20 : 12,
	RECENT_STAMP_MASK = (1 << RECENT_STAMP_BITS) - 1
};

struct recent {
	atomic_uint		last;		/* the last stamp given */
	atomic_uintptr_t	slots[RECENT_SLOTS];
};

static inline atomic_uintptr_t *
recent_slot(struct recent *recent, cmio_fd fd)
{
	return &recent->slots[(unsigned int)fd % RECENT_SLOTS];
}

static inline uintptr_t
recent_entry(cmio_fd fd, unsigned int stamp)
{
	return (uintptr_t)fd << RECENT_STAMP_BITS | stamp;
}

/* The source was added; give it a stamp, and it only. */
static inline void
recent_note(struct recent *recent, struct cmio_source *source)
{
	unsigned int stamp;

	/* Two threads may draw the same: they add different descriptors. */
	stamp = (atomic_load_explicit(&recent->last, memory_order_relaxed) +
	    1) & RECENT_STAMP_MASK;
	atomic_store_explicit(&recent->last, stamp, memory_order_relaxed);
	atomic_store_explicit(recent_slot(recent, source->fd),
	    recent_entry(source->fd, stamp), memory_order_relaxed);
	source->kind = (source->kind & ((1u << KIND_STAMP) - 1)) |
	    stamp << KIND_STAMP;
}

/* Whether source's descriptor was added again since source was. */
static inline bool
recent_superseded(struct recent *recent, const struct cmio_source *source)
{
	uintptr_t mine, last;

	mine = recent_entry(source->fd, source->kind >> KIND_STAMP);
	last = atomic_load_explicit(recent_slot(recent, source->fd),
	    memory_order_relaxed);
	return last != mine &&
	    last >> RECENT_STAMP_BITS == mine >> RECENT_STAMP_BITS;
}

#endif
