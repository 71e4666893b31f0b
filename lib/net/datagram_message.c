/* SPDX-License-Identifier: MIT */
/* The messages of datagram_message.h. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "net/datagram_message.h"

/* Kernels store into every member but the pointers: none is left out. */
void
cmio__message_to_fill(struct msghdr *msg, struct message_parts *parts,
    struct cmio_datagrams *entry)
{
	parts->iov.iov_base = entry->buf;
	parts->iov.iov_len = entry->len;
	*msg = (struct msghdr){
		.msg_name = &entry->peer.ss,
		.msg_namelen = sizeof(entry->peer.ss),
		.msg_iov = &parts->iov,
		.msg_iovlen = 1,
		.msg_control = parts->control.data.bytes,
		.msg_controllen = sizeof(parts->control.data.bytes),
	};
}

void
cmio__message_filled(const struct msghdr *msg, struct cmio_datagrams *entry,
    size_t len)
{
	cmio__addr_filled(&entry->peer, msg->msg_namelen);
	cmio__received(entry, len, (msg->msg_flags & MSG_TRUNC) != 0,
	    (msg->msg_flags & MSG_CTRUNC) != 0, msg->msg_control,
	    msg->msg_controllen);
}

/* Some kernels take an address of its family's exact length alone. */
static socklen_t
addr_len(const struct cmio_addr *addr)
{
	return addr->ss.ss_family == AF_INET ? sizeof(struct sockaddr_in) :
	    sizeof(struct sockaddr_in6);
}

void
cmio__message_to_send(struct msghdr *msg, struct message_parts *parts,
    const struct piece *piece)
{
	struct cmio_datagrams *entry = piece->entry;

	parts->iov.iov_base = (char *)entry->buf + piece->at;
	parts->iov.iov_len = piece->len;
	*msg = (struct msghdr){
		.msg_iov = &parts->iov, .msg_iovlen = 1,
	};
	if (entry->peer.len != 0) {
		msg->msg_name = &entry->peer.ss;
		msg->msg_namelen = addr_len(&entry->peer);
	}
	cmio__control_build(&parts->control, piece);
	if (parts->control.len != 0) {
		msg->msg_control = parts->control.data.bytes;
		msg->msg_controllen = parts->control.len;
	}
}

static int
recv_message(cmio_fd fd, struct cmio_datagrams *entry, int flags)
{
	struct message_parts parts;
	struct msghdr msg;
	ssize_t n;

	cmio__message_to_fill(&msg, &parts, entry);
	n = recvmsg(fd, &msg, flags);
	if (n == -1)
		return -errno;
	cmio__message_filled(&msg, entry, (size_t)n);
	return 1;
}

/* A socket that blocks does so for the first alone. */
int
cmio__recv_each(cmio_fd fd, struct cmio_datagrams *entries, int n)
{
	int got, rc;

	for (got = 0; got < n; got++) {
		rc = recv_message(fd, &entries[got],
		    got == 0 ? 0 : MSG_DONTWAIT);
		if (rc < 0)
			return got > 0 ? got : rc;
	}
	return got;
}

static int
send_message(cmio_fd fd, const struct piece *piece)
{
	struct message_parts parts;
	struct msghdr msg;

	cmio__message_to_send(&msg, &parts, piece);
	return sendmsg(fd, &msg, CMIO_SEND_FLAGS) == -1 ? -errno : 1;
}

int
cmio__send_each(cmio_fd fd, const struct piece *pieces, int n)
{
	int rc, sent;

	for (sent = 0; sent < n; sent++) {
		rc = send_message(fd, &pieces[sent]);
		if (rc < 0)
			return sent > 0 ? sent : rc;
	}
	return sent;
}
