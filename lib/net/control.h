/* SPDX-License-Identifier: MIT */
/*
 * Control messages: what goes with a datagram beside its bytes.  These
 * functions only compute.
 */
#ifndef CMIO_NET_CONTROL_H
#define CMIO_NET_CONTROL_H

#include "net/datagrams.h"

enum {
	/*
	 * Room for all that is asked for here, and for time stamps that the
	 * program may have asked for.
	 */
	CONTROL_ROOM = 192
};

/* Control data that is written, aligned as its headers have to be. */
struct control {
	size_t	len;
	union {
		size_t		align;
		unsigned char	bytes[CONTROL_ROOM];
	} data;
};

/* One control message. */
struct control_message {
	int			 level;
	int			 type;
	const unsigned char	*data;
	size_t			 len;
};

/* Appends one; there is room for every kind of message once. */
void	cmio__control_add(struct control *control, int level, int type,
	    const void *data, size_t len);

/* Takes the first message off the rest, *len bytes at *at; or false. */
bool	cmio__control_next(const unsigned char **at, size_t *len,
	    struct control_message *message);

/* The number that a message holds, of one byte, two or four; or -1. */
int	cmio__control_number(const struct control_message *message);

/* Writes the control data of a piece. */
void	cmio__control_build(struct control *control,
	    const struct piece *piece);

/*
 * Reads what the kernel has written for a received entry, whose segment, ecn,
 * local and ifindex are as of nothing.  Any bytes may come.
 */
void	cmio__control_parse(struct cmio_datagrams *entry,
	    const void *control, size_t len);

/* The address of IPv4 that addr is, also in IPv6's form; or false. */
bool	cmio__addr_v4(const struct cmio_addr *addr, struct in_addr *v4);

/* Sets an address of IPv4, with the port 0. */
void	cmio__addr_set_v4(struct cmio_addr *addr, const struct in_addr *v4);

/*
 * IPv4's local address, interface and congestion notification, for which
 * systems have different messages.  local may be NULL; parse says whether it
 * was one of these.
 */
void	cmio__control_add_v4(struct control *control,
	    const struct in_addr *local, unsigned int ifindex);
void	cmio__control_add_tos(struct control *control, unsigned int ecn);
bool	cmio__control_parse_v4(struct cmio_datagrams *entry,
	    const struct control_message *message);

#endif
