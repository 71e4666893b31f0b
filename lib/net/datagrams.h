/* SPDX-License-Identifier: MIT */
/*
 * What lies between the entries of cmio/udp.h and the system calls.
 *
 * A send is cut into pieces, each of which is one message to the kernel: a
 * datagram, or several that the kernel cuts.  Everything here has been
 * checked: the functions trust entries and pieces, and nothing that the
 * kernel has written.
 */
#ifndef CMIO_NET_DATAGRAMS_H
#define CMIO_NET_DATAGRAMS_H

#include "net/net.h"

enum {
	BATCH		= 64,		/* messages in a system call */
	/*
	 * What one message may hold if the kernel cuts it: Linux before 6.10
	 * takes 64 datagrams, and IP 64 KiB with headers and options.
	 */
	CUT_DATAGRAMS	= 64,
	CUT_BYTES	= 65535 - 8 - 60,
	DATAGRAM_MAX	= 65535
};

struct piece {
	struct cmio_datagrams	*entry;
	const struct cmio_addr	*peer;		/* len 0: not known */
	const struct cmio_addr	*local;		/* len 0: none */
	size_t			 at;		/* in the entry's buf */
	size_t			 len;
	size_t			 segment;	/* the kernel cuts; or 0 */
};

/*
 * Whether trains are the kernel's to cut.  KIND_UDP is a UDP socket that goes
 * the best way that the system has; it is gone once that has failed.
 */
static inline bool
cmio__kernel_cuts(const struct cmio_source *source)
{
	return CMIO_UDP_CUT != -1 && (source->kind & KIND_UDP) != 0;
}

/* How many datagrams of this size one message may hold. */
static inline size_t
cmio__most_datagrams(size_t segment, bool kernel_cuts)
{
	size_t most = CUT_BYTES / segment;

	if (!kernel_cuts || most < 2)
		return 1;
	return most < CUT_DATAGRAMS ? most : CUT_DATAGRAMS;
}

/*
 * Receive into the entries, or send the pieces, 1 to BATCH of them.  Return
 * how many were done, at least one, or a negative errno number if the first
 * was not.
 */
int	cmio__recv_batch(cmio_fd fd, struct cmio_datagrams *entries, int n);
int	cmio__send_batch(cmio_fd fd, const struct piece *pieces, int n);

/*
 * Ends the receiving of len bytes: what the entry says of them.  The two
 * flags are MSG_TRUNC and MSG_CTRUNC, of the data and of the control data.
 */
void	cmio__received(struct cmio_datagrams *entry, size_t len,
	    bool truncated, bool control_truncated, const void *control,
	    size_t control_len);

#endif
