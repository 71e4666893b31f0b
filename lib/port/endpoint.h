/* SPDX-License-Identifier: MIT */
/*
 * An endpoint: a source for which the kernel reports no readiness.
 * libcmio-net makes it, from operations that end at the poll's completion
 * port.  A named pipe is one.
 *
 * source->state points to it for as long as it lives, registered or not, and
 * source->kind has KIND_ENDPOINT.  It belongs to libcmio-net, which tells
 * the selector by a packet when it is finished; the selector then frees it,
 * as packets may point to it until then.
 *
 * The one selector that serves endpoints gives their handles a packet's key
 * of its own: the endpoint's address plus one, an odd number.  A handle may
 * outlive its endpoint, so the key says no more than whose the packet may be.
 */
#ifndef CMIO_PORT_ENDPOINT_H
#define CMIO_PORT_ENDPOINT_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "port/kind.h"

struct endpoint;
struct iovec;

/*
 * What a packet's function returns, and nothing else, if it was the last of
 * its endpoint, which is then in *token.
 */
#define ENDPOINT_FINISHED	0x80000000u

struct endpoint_ops {
	/*
	 * Registered, or registered anew; poll is set.  The handle belongs to
	 * the port for good, so another port than before is EEXIST.
	 */
	int	(*watch)(struct endpoint *endpoint, uintptr_t token,
		    unsigned int interest);
	void	(*unwatch)(struct endpoint *endpoint);
	void	(*rearm)(struct endpoint *endpoint, unsigned int directions);

	/* Each returns a count or a negative errno number. */
	ssize_t	(*readv)(struct endpoint *endpoint, const struct iovec *iov,
		    int iovcnt);
	ssize_t	(*writev)(struct endpoint *endpoint, const struct iovec *iov,
		    int iovcnt);

	/* The source is given up, its handle is not; no call comes after. */
	void	(*release)(struct endpoint *endpoint);

	/*
	 * The port is closing.  Begins no operation any more, and cancels
	 * those that nobody would miss.  From then on a packet's function
	 * returns 0.
	 */
	void	(*leave)(struct endpoint *endpoint);

	/* Whether the kernel still has one of those that were cancelled. */
	bool	(*is_busy)(struct endpoint *endpoint);

	/*
	 * The port is closed, and no packet comes.  The endpoint frees itself
	 * when it is no longer needed.
	 */
	void	(*part)(struct endpoint *endpoint);
	void	(*free)(struct endpoint *endpoint);
};

/* The first member, as of a registration, is the poll; NULL: not registered. */
struct endpoint {
	struct cmio_poll		*poll;
	const struct endpoint_ops	*ops;
	cmio_fd				 handle;
	cmio_fd				 port;	/* NONE: not associated */
	/* The selector's list of all that are associated. */
	struct endpoint			*next;
	struct endpoint			*previous;
};

/* NULL: an ordinary source. */
static inline struct endpoint *
cmio__endpoint(const struct cmio_source *source)
{
	return source->kind & KIND_ENDPOINT ? source->state : NULL;
}

static inline uintptr_t
cmio__endpoint_key(const struct endpoint *endpoint)
{
	return (uintptr_t)endpoint + 1;
}

static inline bool
cmio__endpoint_is_key(uintptr_t key)
{
	return (key & 1) != 0;
}

#endif
