/* SPDX-License-Identifier: MIT */
/* The control data of a piece and of a received entry: see control.h. */
#include "config.h"

#include <string.h>

#include "net/control.h"
#include "port/control.h"
#include "port/sa_len.h"

enum { ECN_BITS = 3 };

/* An address of a link needs its interface, here as its zone. */
static void
set_v6(struct cmio_addr *addr, const struct in6_pktinfo *info)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6, .sin6_addr = info->ipi6_addr,
	};

	if (IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
		sin6.sin6_scope_id = (uint32_t)info->ipi6_ifindex;
	memcpy(&addr->ss, &sin6, sizeof(sin6));
	addr->len = sizeof(sin6);
	cmio__set_sa_len(&addr->ss, addr->len);
}

static void
add_v6(struct control *control, const struct cmio_addr *local,
    unsigned int ifindex)
{
	struct in6_pktinfo info = { .ipi6_ifindex = ifindex };
	const struct sockaddr_in6 *sin6 =
	    (const struct sockaddr_in6 *)&local->ss;

	if (local->len != 0) {
		info.ipi6_addr = sin6->sin6_addr;
		if (ifindex == 0 && IN6_IS_ADDR_LINKLOCAL(&sin6->sin6_addr))
			info.ipi6_ifindex = sin6->sin6_scope_id;
	}
	cmio__control_add(control, IPPROTO_IPV6, IPV6_PKTINFO, &info,
	    sizeof(info));
}

/*
 * Of a connected socket the family is not known: it gets the messages of
 * both, and the kernel takes its own.
 */
static void
add_ecn(struct control *control, const struct cmio_addr *peer,
    unsigned int ecn)
{
	struct in_addr v4;
	bool is_v4 = peer->len != 0 && cmio__addr_v4(peer, &v4);
	int number = (int)ecn;

	if (peer->len == 0 || is_v4)
		cmio__control_add_tos(control, ecn);
	if (!is_v4 && CMIO_IPV6_TCLASS != -1)
		cmio__control_add(control, IPPROTO_IPV6, CMIO_IPV6_TCLASS,
		    &number, sizeof(number));
}

static void
add_local(struct control *control, const struct piece *piece)
{
	const struct cmio_addr *local = piece->local;
	const struct cmio_addr *known = local->len != 0 ? local : piece->peer;
	const unsigned int ifindex = piece->entry->ifindex;
	struct in_addr v4;

	if (known->len == 0)
		return;
	if (!cmio__addr_v4(known, &v4))
		add_v6(control, local, ifindex);
	else
		cmio__control_add_v4(control, local->len != 0 ? &v4 : NULL,
		    ifindex);
}

void
cmio__control_build(struct control *control, const struct piece *piece)
{
	const struct cmio_datagrams *entry = piece->entry;
	CONTROL_SEGMENT segment = (CONTROL_SEGMENT)piece->segment;

	control->len = 0;
	if (segment != 0)
		cmio__control_add(control, IPPROTO_UDP, CMIO_UDP_CUT,
		    &segment, sizeof(segment));
	if (entry->ecn != 0)
		add_ecn(control, piece->peer, entry->ecn);
	if (piece->local->len != 0 || entry->ifindex != 0)
		add_local(control, piece);
}

static void
parse_v6(struct cmio_datagrams *entry, const struct control_message *message)
{
	struct in6_pktinfo info;
	int number;

	if (message->type == CMIO_IPV6_TCLASS) {
		number = cmio__control_number(message);
		if (number >= 0)
			entry->ecn = (unsigned int)number & ECN_BITS;
	} else if (message->type == IPV6_PKTINFO &&
	    message->len == sizeof(info)) {
		memcpy(&info, message->data, sizeof(info));
		set_v6(&entry->local, &info);
		entry->ifindex = (unsigned int)info.ipi6_ifindex;
	}
}

static void
parse_v4(struct cmio_datagrams *entry, const struct control_message *message)
{
	int number;

	if (cmio__control_parse_v4(entry, message))
		return;
	if (message->type != CMIO_IP_TOS && message->type != CMIO_IP_RECVTOS)
		return;
	number = cmio__control_number(message);
	if (number >= 0)
		entry->ecn = (unsigned int)number & ECN_BITS;
}

static void
parse_udp(struct cmio_datagrams *entry, const struct control_message *message)
{
	int number;

	if (message->type != CMIO_UDP_JOIN)
		return;
	number = cmio__control_number(message);
	if (number > 0 && number <= DATAGRAM_MAX)
		entry->segment = (size_t)number;
}

void
cmio__control_parse(struct cmio_datagrams *entry, const void *control,
    size_t len)
{
	const unsigned char *at = control;
	struct control_message message;

	while (cmio__control_next(&at, &len, &message)) {
		if (message.level == IPPROTO_UDP)
			parse_udp(entry, &message);
		else if (message.level == IPPROTO_IP)
			parse_v4(entry, &message);
		else if (message.level == IPPROTO_IPV6)
			parse_v6(entry, &message);
	}
}

void
cmio__received(struct cmio_datagrams *entry, size_t len, bool truncated,
    bool control_truncated, const void *control, size_t control_len)
{
	entry->len = len;
	entry->segment = 0;
	entry->done = 0;
	memset(&entry->local, 0, sizeof(entry->local));
	entry->local.ss.ss_family = AF_UNSPEC;
	entry->ifindex = 0;
	entry->ecn = 0;
	cmio__control_parse(entry, control, control_len);
	/* What has no size any more may be a train that nobody can cut. */
	truncated |= control_truncated && entry->segment == 0;
	entry->flags = truncated ? CMIO_UDP_TRUNCATED : 0;
	if (truncated && entry->segment == 0)
		entry->segment = len + 1;
	else if (!truncated && (entry->segment == 0 || entry->segment > len))
		entry->segment = len;
}
