/* SPDX-License-Identifier: MIT */
/* Options of all sockets, and of IP. */
#include "config.h"

#include <errno.h>
#include <limits.h>

#include "net/net.h"
#include "net/option.h"
#include "port/result.h"

enum { HOPS_MAX = 255, HOPS_USUAL = 64 };

int
cmio_set_broadcast(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, SOL_SOCKET, SO_BROADCAST, on);
}

int
cmio_broadcast(const struct cmio_source *source)
{
	return cmio__flag(source, SOL_SOCKET, SO_BROADCAST);
}

int
cmio_set_reuseaddr(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, SOL_SOCKET, SO_REUSEADDR, on);
}

int
cmio_reuseaddr(const struct cmio_source *source)
{
	return cmio__flag(source, SOL_SOCKET, SO_REUSEADDR);
}

/* For systems that do not have the option. */
static int
no_reuseport(const struct cmio_source *source)
{
	int type;

	type = cmio__number(source, SOL_SOCKET, SO_TYPE);
	return type == -1 ? -1 : cmio__result(-ENOTSUP);
}

int
cmio_set_reuseport(struct cmio_source *source, int on)
{
	if (CMIO_SO_REUSEPORT == -1)
		return no_reuseport(source);
	return cmio__set_flag(source, SOL_SOCKET, CMIO_SO_REUSEPORT, on);
}

int
cmio_reuseport(const struct cmio_source *source)
{
	if (CMIO_SO_REUSEPORT == -1)
		return no_reuseport(source);
	return cmio__flag(source, SOL_SOCKET, CMIO_SO_REUSEPORT);
}

int
cmio_set_recv_buffer_size(struct cmio_source *source, int bytes)
{
	return cmio__set_number(source, SOL_SOCKET, SO_RCVBUF, bytes, 1,
	    INT_MAX);
}

int
cmio_recv_buffer_size(const struct cmio_source *source)
{
	return cmio__number(source, SOL_SOCKET, SO_RCVBUF);
}

int
cmio_set_send_buffer_size(struct cmio_source *source, int bytes)
{
	return cmio__set_number(source, SOL_SOCKET, SO_SNDBUF, bytes, 1,
	    INT_MAX);
}

int
cmio_send_buffer_size(const struct cmio_source *source)
{
	return cmio__number(source, SOL_SOCKET, SO_SNDBUF);
}

int
cmio_set_only_v6(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, IPPROTO_IPV6, IPV6_V6ONLY, on);
}

int
cmio_only_v6(const struct cmio_source *source)
{
	return cmio__flag(source, IPPROTO_IPV6, IPV6_V6ONLY);
}

/* AF_INET or AF_INET6, or a negative errno number. */
static int
ip_family(const struct cmio_source *source)
{
	struct cmio_addr addr;

	if (cmio_local_addr(source, &addr) == -1)
		return -errno;
	return cmio__is_ip(&addr) ? addr.ss.ss_family : -EOPNOTSUPP;
}

int
cmio_set_ttl(struct cmio_source *source, int hops)
{
	int family;

	family = ip_family(source);
	if (family < 0)
		return cmio__result(family);
	if (family == AF_INET6)
		return cmio__set_number(source, IPPROTO_IPV6,
		    IPV6_UNICAST_HOPS, hops, 0, HOPS_MAX);
	return cmio__set_number(source, IPPROTO_IP, IP_TTL, hops, 0,
	    HOPS_MAX);
}

int
cmio_ttl(const struct cmio_source *source)
{
	int family, hops;

	family = ip_family(source);
	if (family < 0)
		return cmio__result(family);
	if (family == AF_INET6) {
		hops = cmio__option(source->fd, IPPROTO_IPV6,
		    IPV6_UNICAST_HOPS);
		/* The BSDs return -1 if the option was never set. */
		return cmio__result(hops == -1 ? HOPS_USUAL : hops);
	}
	return cmio__number(source, IPPROTO_IP, IP_TTL);
}
