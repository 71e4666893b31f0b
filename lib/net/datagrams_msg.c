/* SPDX-License-Identifier: MIT */
/* Batches of systems that have no calls for them. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include "net/datagram_message.h"

int
cmio__recv_batch(cmio_fd fd, struct cmio_datagrams *entries, int n)
{
	return cmio__recv_each(fd, entries, n);
}

int
cmio__send_batch(cmio_fd fd, const struct piece *pieces, int n)
{
	return cmio__send_each(fd, pieces, n);
}
