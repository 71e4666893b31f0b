/* SPDX-License-Identifier: MIT */
/*
 * What a UDP socket is asked to do for cmio/udp.h.
 *
 * A socket of IPv6 may have peers of IPv4 as well, unless it was told not to.
 * Then a feature is given if both families have it.
 */
#include "config.h"

#include <errno.h>

#include "net/datagrams.h"
#include "port/result.h"

enum {
	ALL = CMIO_UDP_COALESCE | CMIO_UDP_LOCAL | CMIO_UDP_ECN |
	    CMIO_UDP_SEGMENT | CMIO_UDP_DONTFRAG
};

/* An option, of which -1 says that this system has none. */
struct option {
	int	level;
	int	name;
	int	value;
};

enum { ON = 1 };
static const struct option join = {
	IPPROTO_UDP, CMIO_UDP_JOIN, CMIO_UDP_JOIN_VALUE,
};
static const struct option v4_pktinfo = {
	IPPROTO_IP, CMIO_IP_RECVPKTINFO, ON,
};
static const struct option v4_dstaddr = {
	IPPROTO_IP, CMIO_IP_RECVDSTADDR, ON,
};
static const struct option v4_interface = { IPPROTO_IP, CMIO_IP_RECVIF, ON };
static const struct option v4_tos = { IPPROTO_IP, CMIO_IP_RECVTOS, ON };
static const struct option v4_dontfrag = {
	IPPROTO_IP, CMIO_IP_DONTFRAG, ON,
};
static const struct option v4_probe = {
	IPPROTO_IP, CMIO_IP_MTU_DISCOVER, CMIO_IP_PROBE,
};
static const struct option v6_pktinfo = {
	IPPROTO_IPV6, CMIO_IPV6_RECVPKTINFO, ON,
};
static const struct option v6_tclass = {
	IPPROTO_IPV6, CMIO_IPV6_RECVTCLASS, ON,
};
static const struct option v6_dontfrag = {
	IPPROTO_IPV6, CMIO_IPV6_DONTFRAG, ON,
};
static const struct option v6_probe = {
	IPPROTO_IPV6, CMIO_IPV6_MTU_DISCOVER, CMIO_IPV6_PROBE,
};

static bool
set(cmio_fd fd, const struct option *option)
{
	return option->name != -1 && cmio__set_option(fd, option->level,
	    option->name, option->value) == 0;
}

/* Sets both or none. */
static bool
set_two(cmio_fd fd, const struct option *first, const struct option *second)
{
	int before = cmio__option(fd, first->level, first->name);

	if (!set(fd, first))
		return false;
	if (set(fd, second))
		return true;
	if (before >= 0)
		cmio__set_option(fd, first->level, first->name, before);
	return false;
}

/* A socket of IPv6 may send and receive IPv4 as well. */
static bool
set_both(cmio_fd fd, int family, const struct option *v4,
    const struct option *v6)
{
	if (family == AF_INET)
		return set(fd, v4);
	if (cmio__option(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 1)
		return set_two(fd, v6, v4);
	set(fd, v4);
	return set(fd, v6);
}

/* IPv6's message has the addresses of IPv4 as well. */
static bool
set_local(cmio_fd fd, int family)
{
	if (family == AF_INET6)
		return set(fd, &v6_pktinfo);
	if (set(fd, &v4_pktinfo))
		return true;
	return set_two(fd, &v4_dstaddr, &v4_interface);
}

static unsigned int
set_all(cmio_fd fd, int family, unsigned int features)
{
	unsigned int given = 0;

	if ((features & CMIO_UDP_COALESCE) != 0 && set(fd, &join))
		given |= CMIO_UDP_COALESCE;
	if ((features & CMIO_UDP_LOCAL) != 0 && set_local(fd, family))
		given |= CMIO_UDP_LOCAL;
	if ((features & CMIO_UDP_ECN) != 0 &&
	    set_both(fd, family, &v4_tos, &v6_tclass))
		given |= CMIO_UDP_ECN;
	if ((features & CMIO_UDP_DONTFRAG) != 0 &&
	    set_both(fd, family,
	    CMIO_IP_DONTFRAG != -1 ? &v4_dontfrag : &v4_probe,
	    CMIO_IPV6_PROBE == -1 ? &v6_dontfrag : &v6_probe))
		given |= CMIO_UDP_DONTFRAG;
	return given;
}

/* AF_INET or AF_INET6, or a negative errno number. */
static int
udp_family(const struct cmio_source *source)
{
	struct cmio_addr addr;
	int type;

	type = cmio__option(source->fd, SOL_SOCKET, SO_TYPE);
	if (type < 0)
		return type;
	if (type != SOCK_DGRAM)
		return -EPROTOTYPE;
	if (cmio_local_addr(source, &addr) == -1)
		return -errno;
	return cmio__is_ip(&addr) ? addr.ss.ss_family : -EAFNOSUPPORT;
}

/* A kernel that does not know how to cut would send a train as one datagram. */
static bool
cut_is_known(cmio_fd fd)
{
	return CMIO_UDP_CUT == -1 ||
	    cmio__option(fd, IPPROTO_UDP, CMIO_UDP_CUT) >= 0;
}

int
cmio_udp_enable(struct cmio_source *source, unsigned int features)
{
	int family;

	if (source == NULL || (features & ~(unsigned int)ALL) != 0)
		return cmio__result(-EINVAL);
	family = udp_family(source);
	if (family < 0)
		return cmio__result(family);
	if (cut_is_known(source->fd))
		source->kind |= KIND_UDP;
	features = set_all(source->fd, family, features);
	if (cmio__kernel_cuts(source))
		features |= CMIO_UDP_SEGMENT;
	return (int)features;
}

int
cmio_udp_max_segments(const struct cmio_source *source, size_t segment)
{
	if (source == NULL || segment < 1 || segment > DATAGRAM_MAX)
		return cmio__result(-EINVAL);
	return (int)cmio__most_datagrams(segment, cmio__kernel_cuts(source));
}
