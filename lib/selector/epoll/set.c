/* SPDX-License-Identifier: MIT */
/* Changes of the set, which the kernel holds. */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/find_kind.h"
#include "port/kind.h"
#include "selector/epoll/bits.h"
#include "selector/epoll/epoll.h"
#include "selector/fd_table.h"
#include "selector/selector.h"

const char cmio__epoll_wake;

/*
 * EXCLUSIVE is a hint, which the kernel takes with few other bits: of those
 * of CMIO_READABLE alone, all but RDHUP.
 */
enum { NOT_BOTH = EPOLLEXCLUSIVE | EPOLLRDHUP };

/* The flags of a descriptor's entry. */
enum {
	EXCLUSIVE = 1,		/* added with EPOLLEXCLUSIVE */
	LOST = 2		/* the kernel may not have it */
};

static bool
wants_exclusive(unsigned int interest)
{
	const unsigned int never = CMIO_ONESHOT | CMIO_PRIORITY |
	    CMIO_WRITABLE;

	return (interest & CMIO_EXCLUSIVE) != 0 && (interest & never) == 0;
}

/* epoll_create1() is younger than the kernels that wanted an event here. */
static int
del(struct epoll *ep, int fd)
{
	return cmio__epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

static void
check_token(struct epoll *ep, uintptr_t token)
{
	if (token == cmio__epoll_wake_token())
		atomic_store(&ep->token_in_use, true);
}

static struct epoll_event
event_for(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	check_token(ep, token);
	/* If this fails, so does what follows. */
	if (interest & CMIO_WRITABLE)
		cmio__know_kind(source);
	return (struct epoll_event){
		.events = cmio__epoll_bits(interest,
		    (source->kind & KIND_SOCKET) != 0),
		.data.u64 = token,
	};
}

/* The descriptor is in the kernel's set: notes that in the table. */
static int
note(struct epoll *ep, struct cmio_source *source)
{
	int rc;

	rc = cmio__fd_reserve(&ep->fds, source->fd);
	if (rc == 0)
		cmio__fd_register(&ep->fds, source);
	else
		del(ep, source->fd);
	return rc;
}

/* An epoll descriptor, for example, cannot be EXCLUSIVE. */
static int
add_exclusive(struct epoll *ep, int fd, struct epoll_event *ev,
    uint32_t *flags)
{
	int rc;

	ev->events ^= NOT_BOTH;
	*flags = EXCLUSIVE;
	rc = cmio__epoll_ctl(ep, EPOLL_CTL_ADD, fd, ev);
	if (rc != -EINVAL)
		return rc;
	ev->events ^= NOT_BOTH;
	*flags = 0;
	return cmio__epoll_ctl(ep, EPOLL_CTL_ADD, fd, ev);
}

/* The lock is held. */
static int
add(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct epoll_event ev = event_for(ep, source, token, interest);
	uint32_t flags = 0;
	int rc;

	if (wants_exclusive(interest))
		rc = add_exclusive(ep, source->fd, &ev, &flags);
	else
		rc = cmio__epoll_ctl(ep, EPOLL_CTL_ADD, source->fd, &ev);
	if (rc == 0)
		rc = note(ep, source);
	if (rc == 0)
		cmio__fd_find(&ep->fds, source->fd)->flags = flags;
	return rc;
}

int
cmio__epoll_add(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	cmio__lock(&poll->lock);
	rc = add((struct epoll *)poll, source, token, interest);
	if (rc == 0)
		source->state = &poll->self;
	cmio__unlock(&poll->lock);
	return rc;
}

void
cmio__epoll_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct epoll *ep = (struct epoll *)poll;

	cmio__lock(&poll->lock);
	/* ENOENT, EBADF: the kernel removed it when it was closed. */
	if (cmio__fd_current(&ep->fds, source) != NULL)
		del(ep, source->fd);
	cmio__unlock(&poll->lock);
}

/* The kernel does that when the last descriptor is closed. */
void
cmio__epoll_forget(struct cmio_poll *poll, struct cmio_source *source)
{
	(void)poll;
	(void)source;
}

/*
 * EPOLL_CTL_MOD refuses EXCLUSIVE, before and after.  If the kernel has no
 * memory to add the source again, it is lost until the next call.
 */
static int
replace(struct epoll *ep, struct fd_entry *entry, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	rc = del(ep, source->fd);
	if (rc != 0 && (rc != -ENOENT || (entry->flags & LOST) == 0))
		return rc;
	rc = add(ep, source, token, interest);
	if (rc != 0)
		entry->flags = EXCLUSIVE | LOST;
	return rc;
}

/* The lock is held. */
static int
modify(struct epoll *ep, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct fd_entry *entry = cmio__fd_current(&ep->fds, source);
	struct epoll_event ev;

	if (entry == NULL)
		return -ENOENT;
	if (wants_exclusive(interest) || (entry->flags & EXCLUSIVE))
		return replace(ep, entry, source, token, interest);
	ev = event_for(ep, source, token, interest);
	return cmio__epoll_ctl(ep, EPOLL_CTL_MOD, source->fd, &ev);
}

int
cmio__epoll_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	cmio__lock(&poll->lock);
	rc = modify((struct epoll *)poll, source, token, interest);
	cmio__unlock(&poll->lock);
	return rc;
}
