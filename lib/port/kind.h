/* SPDX-License-Identifier: MIT */
/*
 * What source->kind holds.  0: nothing is known, as of a descriptor from
 * elsewhere.  No two of these fields overlap.
 */
#ifndef CMIO_PORT_KIND_H
#define CMIO_PORT_KIND_H

enum {
	KIND_SOCKET	= 0x01,		/* libcmio-net: send(2) serves it */
	KIND_PIPE	= 0x02,		/* libcmio-net: write(2) serves it */
	KIND_WAY	= 0x0f,		/* the two and room for more */
	KIND_EXCLUSIVE	= 0x10,		/* epoll: added with EPOLLEXCLUSIVE */
	KIND_STAMP	= 8		/* the rest: see selector/recent.h */
};

#endif
