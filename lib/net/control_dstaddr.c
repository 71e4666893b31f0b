/* SPDX-License-Identifier: MIT */
/* IPv4's control messages of control.h as FreeBSD and OpenBSD have them. */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <net/if_dl.h>
#include <netinet/in.h>
#include <string.h>

#include "net/control.h"

/* There is none for the interface that a datagram is to leave by. */
void
cmio__control_add_v4(struct control *control, const struct in_addr *local,
    unsigned int ifindex)
{
	(void)ifindex;
	if (local != NULL)
		cmio__control_add(control, IPPROTO_IP, IP_SENDSRCADDR, local,
		    sizeof(*local));
}

void
cmio__control_add_tos(struct control *control, unsigned int ecn)
{
	unsigned char tos = (unsigned char)ecn;

	/* OpenBSD, which cannot receive it, refuses it as well. */
	if (CMIO_IP_RECVTOS != -1)
		cmio__control_add(control, IPPROTO_IP, IP_TOS, &tos,
		    sizeof(tos));
}

/* The address of a link, of which the first bytes say which. */
static void
parse_interface(struct cmio_datagrams *entry,
    const struct control_message *message)
{
	struct sockaddr_dl sdl = { 0 };
	size_t len = message->len;

	if (len > sizeof(sdl))
		len = sizeof(sdl);
	memcpy(&sdl, message->data, len);
	entry->ifindex = sdl.sdl_index;
}

bool
cmio__control_parse_v4(struct cmio_datagrams *entry,
    const struct control_message *message)
{
	struct in_addr local;

	if (message->type == IP_RECVIF) {
		parse_interface(entry, message);
		return true;
	}
	if (message->type != IP_RECVDSTADDR || message->len != sizeof(local))
		return false;
	memcpy(&local, message->data, sizeof(local));
	cmio__addr_set_v4(&entry->local, &local);
	return true;
}
