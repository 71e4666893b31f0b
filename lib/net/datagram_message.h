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

/* One message each; 1 or a negative errno number. */
int	cmio__recv_message(cmio_fd fd, struct cmio_datagrams *entry,
	    int flags);
int	cmio__send_message(cmio_fd fd, const struct piece *piece);

#endif
