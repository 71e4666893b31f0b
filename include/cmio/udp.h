/* SPDX-License-Identifier: MIT */
/*
 * cmio/udp.h: many datagrams in one call.  See cmio_recv_datagrams(3).
 */
#ifndef CMIO_UDP_H
#define CMIO_UDP_H

#include <cmio/net.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a socket is asked to do, and what the kernel says that it does. */
#define CMIO_UDP_COALESCE	0x01u	/* receive: equal datagrams joined */
#define CMIO_UDP_LOCAL		0x02u	/* receive: the local address */
#define CMIO_UDP_ECN		0x04u	/* receive: congestion notification */
#define CMIO_UDP_SEGMENT	0x08u	/* send: the kernel cuts trains */
#define CMIO_UDP_DONTFRAG	0x10u	/* send: EMSGSIZE and no fragment */
int	 CMIO_CALL cmio_udp_enable(struct cmio_source *source,
	    unsigned int features);

/* How many datagrams of this size one system call takes; 1: cmio cuts. */
int	 CMIO_CALL cmio_udp_max_segments(const struct cmio_source *source,
	    size_t segment);

/*
 * A datagram, or a train: several of one size (the last may be shorter), to
 * or from one peer, one after the other in buf.
 */
struct cmio_datagrams {
	void			*buf;		/* the caller's */
	size_t			 len;		/* receive: room, then bytes */
	size_t			 segment;	/* 0 or >= len: one datagram */
	size_t			 done;		/* send: bytes that are gone */
	struct cmio_addr	 peer;		/* len 0: as connected */
	struct cmio_addr	 local;		/* len 0: none */
	unsigned int		 ifindex;	/* 0: none */
	unsigned int		 ecn;		/* 0 to 3 */
	unsigned int		 flags;		/* CMIO_UDP_TRUNCATED */
	unsigned int		 reserved;	/* 0 */
	uint64_t		 reserved2[2];	/* 0 */
};
/* Only len / segment whole datagrams came; the rest is lost. */
#define CMIO_UDP_TRUNCATED	0x01u

/* How many entries were filled, or sent whole. */
int	 CMIO_CALL cmio_recv_datagrams(struct cmio_source *source,
	    struct cmio_datagrams *entries, int n);
int	 CMIO_CALL cmio_send_datagrams(struct cmio_source *source,
	    struct cmio_datagrams *entries, int n);

#ifdef __cplusplus
}
#endif

#endif
