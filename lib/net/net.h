/* SPDX-License-Identifier: MIT */
/*
 * What the files of libcmio-net share.  Inner functions take descriptors and
 * return a negative errno number where they fail.
 */
#ifndef CMIO_NET_NET_H
#define CMIO_NET_NET_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "port/api_net.h"
#include "port/calls.h"
#include "port/kind.h"

enum { BOTH_DIRECTIONS = CMIO_READABLE | CMIO_WRITABLE };

/* What is to be known of a source: KIND_SOCKET, KIND_PIPE, or 0 for nothing. */
static inline unsigned int
cmio__way(const struct cmio_source *source)
{
	return source->kind & KIND_WAY;
}

/* Leaves errno alone. */
static inline void
cmio__rearm(struct cmio_source *source, unsigned int directions)
{
	int before = errno;

	if (source->state != NULL && cmio_rearm(source, directions) == -1)
		errno = before;
}

static inline bool
cmio__is_would_block(int number)
{
	return number == EAGAIN || number == EWOULDBLOCK;
}

/*
 * Ends the making of a source: 0 and the source, or where rc is negative, -1
 * and errno, with fd closed and the source as it was.
 */
int	cmio__made(struct cmio_source *source, cmio_fd fd, unsigned int kind,
	    int rc);

/* Whether addr may be shown to the kernel.  The kernel knows the rest. */
bool	cmio__addr_ok(const struct cmio_addr *addr);

static inline bool
cmio__is_ip(const struct cmio_addr *addr)
{
	return addr->ss.ss_family == AF_INET || addr->ss.ss_family == AF_INET6;
}

/* Makes the address whole that the kernel has written to addr->ss. */
void	cmio__addr_filled(struct cmio_addr *addr, socklen_t len);

/* As cmio_addr_unix(), of arguments that were checked. */
int	cmio__addr_unix(struct cmio_addr *addr, const char *name, size_t len);

int	cmio__bind(cmio_fd fd, const struct cmio_addr *addr);
int	cmio__listen(cmio_fd fd, int backlog);
int	cmio__connect(cmio_fd fd, const struct cmio_addr *peer);

/* An option that is an int.  The getter returns it, and is not for negatives. */
int	cmio__set_option(cmio_fd fd, int level, int name, int value);
int	cmio__option(cmio_fd fd, int level, int name);

#endif
