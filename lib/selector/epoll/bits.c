/* SPDX-License-Identifier: MIT */
/*
 * The translation of epoll/bits.h.
 *
 * It is a file of its own so that what is rare is not part of the functions
 * that every wait runs through.
 */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/epoll/bits.h"
#include "selector/selector.h"

/*
 * HUP alone is a pipe that nobody writes any more: a socket that hangs up
 * says OUT too where that was asked for, or else RDHUP.
 */
uint32_t
cmio__epoll_ready(uint32_t bits)
{
	uint32_t ready = 0;

	if (bits & EPOLLIN)
		ready |= CMIO_READABLE;
	if (bits & EPOLLOUT)
		ready |= CMIO_WRITABLE;
	if (bits & EPOLLPRI)
		ready |= CMIO_PRIORITY | CMIO_READABLE;
	if (bits & EPOLLRDHUP)
		ready |= CMIO_READ_CLOSED | CMIO_READABLE;
	if (bits & (EPOLLHUP | EPOLLERR))
		ready |= CMIO_READABLE | CMIO_WRITABLE;
	if (bits & EPOLLERR)
		ready |= CMIO_ERROR;
	if (bits & EPOLLHUP) {
		ready |= CMIO_READ_CLOSED;
		if (bits & (EPOLLOUT | EPOLLRDHUP))
			ready |= CMIO_WRITE_CLOSED;
	} else if ((bits & EPOLLERR) && (bits & EPOLLOUT) &&
	    (bits & EPOLLWRBAND) == 0)
		ready |= CMIO_WRITE_CLOSED;
	return ready;
}

int
cmio__epoll_translate(struct cmio_event *events, int n)
{
	struct cmio_event *event;

	for (event = events; event != events + n; event++)
		event->ready = cmio__epoll_ready(event->native);
	return n;
}

int
cmio__epoll_expand(struct cmio_event *events, const void *found, int n)
{
	return cmio__epoll_expand_inline(events, found, n);
}

int
cmio__epoll_deliver(struct cmio_poll *poll, struct cmio_event *events, int n,
    int nevents, int timeout)
{
	/* EINVAL: more events than the kernel takes, or none. */
	if (n == -1)
		return errno != EINVAL ? n :
		    cmio__enter(poll, events, nevents, timeout);
	cmio__epoll_expand(events, events, n);
	return cmio__user_events_never(poll) ? n :
	    cmio__epoll_deliver_user_events(poll, events, n, nevents,
	    timeout);
}
