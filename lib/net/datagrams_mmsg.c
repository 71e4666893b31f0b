/* SPDX-License-Identifier: MIT */
/*
 * Batches by recvmmsg(2) and sendmmsg(2).  A batch of one goes by recvmsg(2)
 * and sendmsg(2), which cost Linux 6 to 8 % less.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>

#include "net/datagram_message.h"

int
cmio__recv_batch(cmio_fd fd, struct cmio_datagrams *entries, int n)
{
	struct message_parts parts[BATCH];
	struct mmsghdr messages[BATCH];
	int got, i;

	if (n == 1)
		return cmio__recv_message(fd, entries, 0);
	for (i = 0; i < n; i++)
		cmio__message_to_fill(&messages[i].msg_hdr, &parts[i],
		    &entries[i]);
	got = recvmmsg(fd, messages, (unsigned int)n, CMIO_MSG_WAITFORONE,
	    NULL);
	if (got == -1)
		return -errno;
	for (i = 0; i < got; i++)
		cmio__message_filled(&messages[i].msg_hdr, &entries[i],
		    messages[i].msg_len);
	return got;
}

int
cmio__send_batch(cmio_fd fd, const struct piece *pieces, int n)
{
	struct message_parts parts[BATCH];
	struct mmsghdr messages[BATCH];
	int i, sent;

	if (n == 1)
		return cmio__send_message(fd, pieces);
	for (i = 0; i < n; i++)
		cmio__message_to_send(&messages[i].msg_hdr, &parts[i],
		    &pieces[i]);
	sent = sendmmsg(fd, messages, (unsigned int)n, CMIO_SEND_FLAGS);
	return sent == -1 ? -errno : sent;
}
