/* SPDX-License-Identifier: MIT */
/*
 * One end of a named pipe, as its files share it.
 *
 *	named_pipe_events.c	the operations in flight, and what is reported
 *	named_pipe_io.c		reading and writing
 *	named_pipe_life.c	from the first source to the last packet
 *	named_pipe.c		the public functions
 *	pipe_windows.c		cmio_pipe()
 *
 * An end has two states.  The first is its peer, another process' end:
 *
 *	        accept               connected
 *	NONE -----------> WANTED ----------------> HERE
 *	  ^                  |                       | the peer closes
 *	  |   disconnect     v                       v
 *	  +----------------------------------------- GONE
 *
 * A client's end begins as HERE, a server's end as NONE, or as HERE if it was
 * given with its client.  disconnect leads from each state to NONE.
 *
 * The second is the completion port that packets of the end come to.  The
 * source may be closed in each state of it, and that decides who frees the
 * end:
 *
 *	NONE	never registered	the close
 *	  | watch
 *	JOINED	registered once		the selector, after the last packet
 *	  | leave
 *	LEAVING	the port is closing	part
 *	  | part
 *	GONE	no packet comes		the close; but if a write is still in
 *					flight, outlived(), when that has ended
 */
#ifndef CMIO_NET_NAMED_PIPE_H
#define CMIO_NET_NAMED_PIPE_H

#include <winsock2.h>
#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/net.h"
#include "port/api_windows.h"
#include "port/endpoint.h"
#include "port/lock.h"

/* How much the kernel is asked to keep each way. */
enum { PIPE_QUOTA = 65536 };

enum pipe_peer { PEER_NONE, PEER_WANTED, PEER_HERE, PEER_GONE };
enum pipe_port { PORT_NONE, PORT_JOINED, PORT_LEAVING, PORT_GONE };

/* An overlapped operation; the kernel owns it while it is in flight. */
struct pipe_op {
	struct cmio_overlapped	base;
	bool			in_flight;
	unsigned int		generation;	/* the pipe's when it began */
};

struct pipe {
	struct endpoint		base;
	struct lock		lock;	/* for all that follows */
	enum pipe_peer		peer;
	enum pipe_port		port;
	bool			closed;		/* the source was */

	/* A right of the handle for each: CMIO_READABLE, CMIO_WRITABLE. */
	unsigned int		directions;
	bool			message;	/* it keeps messages apart */

	/* A disconnect makes all that began before it out of date. */
	unsigned int		generation;
	struct pipe_op		connect;
	struct pipe_op		look;		/* a read of no bytes */
	struct pipe_op		write;
	struct pipe_op		note;		/* a packet that was posted */

	bool			readable;	/* since the last EAGAIN */
	bool			end_reported;	/* that the peer is GONE */
	int			connect_error;	/* negative errno numbers */
	int			write_error;

	bool			watched;
	uintptr_t		token;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;

	/* The handle that may read: the source's, one of our own, or NULL. */
	HANDLE			reader;
	HANDLE			event;		/* of reads that must end */
	HANDLE			written;	/* set when a write ends */
	PTP_WAIT		wait;		/* for that, at PORT_GONE */
	HMODULE			module;		/* kept meanwhile */
	char			*buffer;	/* what is written from */
	size_t			room;
};

static inline HANDLE
cmio__pipe_handle(const struct pipe *p)
{
	return (HANDLE)p->base.handle;
}

/* Whether there is a peer, or was one that may have left something to read. */
static inline bool
cmio__pipe_has_peer(const struct pipe *p)
{
	return p->peer == PEER_HERE || p->peer == PEER_GONE;
}

static inline bool
cmio__pipe_is_end(DWORD error)
{
	return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA ||
	    error == ERROR_PIPE_NOT_CONNECTED;
}

static inline bool
cmio__pipe_in_flight(const struct pipe *p)
{
	return p->connect.in_flight || p->look.in_flight ||
	    p->write.in_flight || p->note.in_flight;
}

/*
 * named_pipe_events.c.  The lock is held if nothing else is said.
 */

/* How many bytes can be read now, or a negative errno number; EPIPE: none. */
int	cmio__pipe_available(HANDLE reader);

/* Waits for the client that is wanted; it may be there already. */
int	cmio__pipe_connect(struct pipe *p);

/* Has a packet come that finds the state as it is then. */
void	cmio__pipe_note(struct pipe *p);

/* Begins what is to be waited for, and reports what is new. */
void	cmio__pipe_update(struct pipe *p);

/* What a packet calls; they take the lock. */
void	cmio__pipe_set_done(struct pipe *p);

/* Of struct endpoint_ops; they take the lock. */
int	cmio__pipe_watch(struct endpoint *endpoint, uintptr_t token,
	    unsigned int interest);
void	cmio__pipe_unwatch(struct endpoint *endpoint);
void	cmio__pipe_rearm(struct endpoint *endpoint, unsigned int directions);

/*
 * named_pipe_io.c.  Of struct endpoint_ops; they take the lock.
 */
ssize_t	cmio__pipe_readv(struct endpoint *endpoint, const struct iovec *iov,
	    int iovcnt);
ssize_t	cmio__pipe_writev(struct endpoint *endpoint, const struct iovec *iov,
	    int iovcnt);

/*
 * named_pipe_life.c.
 */

/* One that can write as many bytes at once; NULL: no memory. */
struct pipe *cmio__pipe_new(size_t room);

/* Frees it, and closes what is its own; no source has it. */
void	cmio__pipe_free(struct endpoint *endpoint);

/*
 * named_pipe.c.
 */

/* Makes a source of the handle, which is the source's on success alone. */
int	cmio__pipe_adopt(struct cmio_source *source, HANDLE handle);

#endif
