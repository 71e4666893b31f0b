/* SPDX-License-Identifier: MIT */
/*
 * IPv4's control messages of control.h with struct in_pktinfo, as Linux,
 * NetBSD, macOS and Windows have them.
 */
#include "config.h"

#include <string.h>

#include "net/control.h"

void
cmio__control_add_v4(struct control *control, const struct in_addr *local,
    unsigned int ifindex)
{
	struct in_pktinfo info = { 0 };

	info.ipi_ifindex = ifindex;
	if (local != NULL)
		info.CMIO_PKTINFO_SOURCE = *local;
	cmio__control_add(control, IPPROTO_IP, IP_PKTINFO, &info,
	    sizeof(info));
}

void
cmio__control_add_tos(struct control *control, unsigned int ecn)
{
	int tos = (int)ecn;

	/* NetBSD, which cannot receive it, refuses it as well. */
	if (CMIO_IP_RECVTOS != -1)
		cmio__control_add(control, IPPROTO_IP, CMIO_IP_TOS,
		    &tos, sizeof(tos));
}

bool
cmio__control_parse_v4(struct cmio_datagrams *entry,
    const struct control_message *message)
{
	struct in_pktinfo info;

	if (message->type != IP_PKTINFO || message->len != sizeof(info))
		return false;
	memcpy(&info, message->data, sizeof(info));
	cmio__addr_set_v4(&entry->local, &info.ipi_addr);
	entry->ifindex = (unsigned int)info.ipi_ifindex;
	return true;
}
