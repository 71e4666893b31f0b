/* SPDX-License-Identifier: MIT */
/*
 * What source->kind holds.  0: nothing is known, as of a descriptor from
 * elsewhere.  A name without 0x is the lowest bit of a field.
 */
#ifndef CMIO_PORT_KIND_H
#define CMIO_PORT_KIND_H

enum {
	KIND_SOCKET	= 0x01,		/* libcmio-net: send(2) serves it */
	KIND_PIPE	= 0x02,		/* libcmio-net: write(2) serves it */
	KIND_ENDPOINT	= 0x08,		/* state is one: port/endpoint.h */
	KIND_WAY	= 0x0f,		/* the two and room for more */
	KIND_SELECTOR	= 0xff0,	/* the selector's, as one of these: */
	KIND_EXCLUSIVE	= 0x010,	/* epoll: added with EPOLLEXCLUSIVE */
	KIND_LOST	= 0x020,	/* epoll: the kernel may not have it */
	KIND_FILTERS	= 4,		/* kqueue: four bits, KQ_READ ... */
	KIND_TRIGGER	= 8,		/* kqueue: three bits, KQ_EDGE ... */
	KIND_STAMP	= 12		/* the rest: see selector/recent.h */
};

#endif
