/* SPDX-License-Identifier: MIT */
/*
 * Options of multicast.  Those of IPv4 are single bytes: BSD requires that and
 * Linux accepts it.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>

#include "net/net.h"
#include "net/option.h"
#include "port/result.h"

static int
set_byte(struct cmio_source *source, int name, int value)
{
	unsigned char byte = (unsigned char)value;

	if (source == NULL || value < 0 || value > UCHAR_MAX)
		return cmio__result(-EINVAL);
	return cmio__sys_setsockopt(source->fd, IPPROTO_IP, name, &byte,
	    sizeof(byte));
}

static int
get_byte(const struct cmio_source *source, int name)
{
	unsigned char byte = 0;
	socklen_t len = sizeof(byte);

	if (source == NULL)
		return cmio__result(-EINVAL);
	if (cmio__sys_getsockopt(source->fd, IPPROTO_IP, name, &byte,
	    &len) == -1)
		return -1;
	return byte;
}

int
cmio_set_multicast_loop_v4(struct cmio_source *source, int on)
{
	return set_byte(source, IP_MULTICAST_LOOP, on != 0);
}

int
cmio_multicast_loop_v4(const struct cmio_source *source)
{
	return get_byte(source, IP_MULTICAST_LOOP);
}

int
cmio_set_multicast_loop_v6(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, on);
}

int
cmio_multicast_loop_v6(const struct cmio_source *source)
{
	return cmio__flag(source, IPPROTO_IPV6, IPV6_MULTICAST_LOOP);
}

int
cmio_set_multicast_ttl_v4(struct cmio_source *source, int hops)
{
	return set_byte(source, IP_MULTICAST_TTL, hops);
}

int
cmio_multicast_ttl_v4(const struct cmio_source *source)
{
	return get_byte(source, IP_MULTICAST_TTL);
}

static int
member_v4(struct cmio_source *source, int name, const struct in_addr *group,
    const struct in_addr *local)
{
	struct ip_mreq mreq = { 0 };

	if (source == NULL || group == NULL)
		return cmio__result(-EINVAL);
	mreq.imr_multiaddr = *group;
	/* NULL: the system chooses the interface. */
	mreq.imr_interface.s_addr =
	    local != NULL ? local->s_addr : htonl(INADDR_ANY);
	return cmio__sys_setsockopt(source->fd, IPPROTO_IP, name, &mreq,
	    sizeof(mreq));
}

int
cmio_join_multicast_v4(struct cmio_source *source,
    const struct in_addr *group, const struct in_addr *local)
{
	return member_v4(source, IP_ADD_MEMBERSHIP, group, local);
}

int
cmio_leave_multicast_v4(struct cmio_source *source,
    const struct in_addr *group, const struct in_addr *local)
{
	return member_v4(source, IP_DROP_MEMBERSHIP, group, local);
}

static int
member_v6(struct cmio_source *source, int name, const struct in6_addr *group,
    unsigned int ifindex)
{
	struct ipv6_mreq mreq = { 0 };

	if (source == NULL || group == NULL)
		return cmio__result(-EINVAL);
	mreq.ipv6mr_multiaddr = *group;
	mreq.ipv6mr_interface = ifindex;
	return cmio__sys_setsockopt(source->fd, IPPROTO_IPV6, name, &mreq,
	    sizeof(mreq));
}

int
cmio_join_multicast_v6(struct cmio_source *source,
    const struct in6_addr *group, unsigned int ifindex)
{
	return member_v6(source, CMIO_IPV6_JOIN_GROUP, group, ifindex);
}

int
cmio_leave_multicast_v6(struct cmio_source *source,
    const struct in6_addr *group, unsigned int ifindex)
{
	return member_v6(source, CMIO_IPV6_LEAVE_GROUP, group, ifindex);
}
