/* SPDX-License-Identifier: MIT */
/*
 * What the files of libcmio-net share.  Internal functions take descriptors,
 * and return a negative errno number if they fail.
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

/* What the source is: KIND_SOCKET, KIND_PIPE, or 0 if not known. */
static inline unsigned int
cmio__way(const struct cmio_source *source)
{
	return source->kind & KIND_WAY;
}

/* Does not change errno. */
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
 * The last step of a function that makes a source.  Sets the source and
 * returns 0; or, if rc is negative, closes fd, does not change the source,
 * sets errno and returns -1.
 */
int	cmio__made(struct cmio_source *source, cmio_fd fd, unsigned int kind,
	    int rc);

/* The kind of a socket that was made with this type, flags included. */
unsigned int	cmio__socket_kind(cmio_fd fd, int type);

/* Whether addr has a valid length.  The kernel checks the rest. */
bool	cmio__addr_ok(const struct cmio_addr *addr);

static inline bool
cmio__is_ip(const struct cmio_addr *addr)
{
	return addr->ss.ss_family == AF_INET || addr->ss.ss_family == AF_INET6;
}

/* Completes addr after the kernel has stored an address in addr->ss. */
void	cmio__addr_filled(struct cmio_addr *addr, socklen_t len);

/* As cmio_addr_unix(), with valid arguments. */
int	cmio__addr_unix(struct cmio_addr *addr, const char *name, size_t len);

int	cmio__bind(cmio_fd fd, const struct cmio_addr *addr);
int	cmio__listen(cmio_fd fd, int backlog);
int	cmio__connect(cmio_fd fd, const struct cmio_addr *peer);

/* An option that is a non-negative int.  The getter returns its value. */
int	cmio__set_option(cmio_fd fd, int level, int name, int value);
int	cmio__option(cmio_fd fd, int level, int name);

#endif
