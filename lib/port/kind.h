/* SPDX-License-Identifier: MIT */
/*
 * What source->kind holds: flags in the low bits, and above them the source's
 * generation.  0: nothing is known, as of a descriptor from elsewhere.
 *
 * Every KIND_ name is a mask.  The functions below alone know where the
 * generation is.
 */
#ifndef CMIO_PORT_KIND_H
#define CMIO_PORT_KIND_H

#include "port/api.h"

enum {
	KIND_SOCKET	= 0x01,
	KIND_PIPE	= 0x02,		/* or a FIFO */
	KIND_STREAM	= 0x04,		/* its bytes have no boundaries */
	KIND_ENDPOINT	= 0x08,		/* state is one: port/endpoint.h */
	KIND_OTHER	= 0x20,		/* known to be none of these */
	KIND_WAY	= 0x2f,		/* all of these */
	KIND_UDP	= 0x10		/* datagrams go the best way there is */
};

enum { KIND__GENERATION = 6 };	/* its first bit */

/* Which addition this is among those that could be taken for one another. */
static inline unsigned int
cmio__kind_generation(const struct cmio_source *source)
{
	return source->kind >> KIND__GENERATION;
}

/* Of value, only the bits that fit are kept. */
static inline void
cmio__kind_set_generation(struct cmio_source *source, unsigned int value)
{
	source->kind ^=
	    (cmio__kind_generation(source) ^ value) << KIND__GENERATION;
}

#endif
