/* SPDX-License-Identifier: MIT */
/*
 * A datagram, or a train, as the message of recvmsg(2) and sendmsg(2), with
 * what its header points to.
 */
#ifndef CMIO_NET_DATAGRAM_MESSAGE_H
#define CMIO_NET_DATAGRAM_MESSAGE_H

#include "net/control.h"

struct message_parts {
	struct iovec	iov;
	struct control	control;
};

void	cmio__message_to_fill(struct msghdr *msg, struct message_parts *parts,
	    struct cmio_datagrams *entry);
void	cmio__message_filled(const struct msghdr *msg,
	    struct cmio_datagrams *entry, size_t len);
void	cmio__message_to_send(struct msghdr *msg,
	    struct message_parts *parts, const struct piece *piece);

/* A batch with a call for each message; return as in datagrams.h. */
int	cmio__recv_each(cmio_fd fd, struct cmio_datagrams *entries, int n);
int	cmio__send_each(cmio_fd fd, const struct piece *pieces, int n);

#endif
