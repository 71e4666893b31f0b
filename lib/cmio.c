/* SPDX-License-Identifier: MIT */
/*
 * The public functions on polls and sources, but for the wait: they check
 * their arguments, call the selector, and turn its result into errno.
 *
 * A poll has handles (refs), which the program counts, and holds: one for
 * all handles, and one for each registered source and each user event.  It
 * goes with the last hold.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "port/api.h"
#include "port/endpoint.h"
#include "port/probe.h"
#include "port/result.h"
#include "port/single_threaded.h"
#include "selector/selector.h"
#include "selector/user_event.h"

enum {
	TRIGGERS = CMIO_LEVEL | CMIO_ONESHOT | CMIO_EXCLUSIVE,
	INTERESTS = DIRECTIONS | CMIO_AIO | CMIO_LIO
};

const char *
cmio_version(void)
{
	return CMIO_VERSION;
}

void
cmio_source_init(struct cmio_source *source, cmio_fd fd)
{
	if (source != NULL)
		*source = (struct cmio_source)CMIO_SOURCE(fd);
}

static const struct selector_ops *
find_selector(const char *name)
{
	const struct selector_ops *const *ops;

	for (ops = cmio__selectors; *ops != NULL; ops++)
		if (strcmp((*ops)->name, name) == 0)
			return *ops;
	return NULL;
}

static int
open_selector(const struct selector_ops *ops, struct cmio_poll **out)
{
	struct cmio_poll *poll;
	int rc;

	rc = ops->open(&poll);
	if (rc != 0)
		return rc;
	rc = cmio__lock_init(&poll->lock);
	if (rc != 0) {
		ops->close(poll);
		return rc;
	}
	poll->self.poll = poll;
	poll->ops = ops;
	atomic_init(&poll->refs, 1);
	atomic_init(&poll->holds, 1);
	cmio__user_events_init(poll);
	*out = poll;
	return 0;
}

/* The first that this kernel has: a sandbox may refuse the best one. */
static int
open_best(struct cmio_poll **out)
{
	const struct selector_ops *const *ops = cmio__selectors;
	int rc;

	do
		rc = open_selector(*ops++, out);
	while ((rc == -ENOSYS || rc == -EPERM) && *ops != NULL);
	return rc;
}

struct cmio_poll *
cmio_poll_new(const char *selector)
{
	const struct selector_ops *ops;
	struct cmio_poll *poll = NULL;
	int rc;

	if (selector == NULL)
		rc = open_best(&poll);
	else {
		ops = find_selector(selector);
		rc = ops == NULL ? -ENOTSUP : open_selector(ops, &poll);
	}
	return cmio__result(rc) == -1 ? NULL : poll;
}

static void
destroy(struct cmio_poll *poll)
{
	cmio__lock_destroy(&poll->lock);
	poll->ops->close(poll);
}

/*
 * A source or a user event has been added.  The caller has a handle of the
 * poll meanwhile, so the poll cannot go.
 */
static inline void
hold(struct cmio_poll *poll)
{
	cmio__count(&poll->holds, 1);
}

static inline void
let_go(struct cmio_poll *poll)
{
	if (cmio__count(&poll->holds, -1U) == 1)
		destroy(poll);
}

struct cmio_poll *
cmio_poll_ref(struct cmio_poll *poll)
{
	if (poll == NULL) {
		errno = EINVAL;
		return NULL;
	}
	atomic_fetch_add_explicit(&poll->refs, 1, memory_order_relaxed);
	return poll;
}

void
cmio_poll_unref(struct cmio_poll *poll)
{
	if (poll != NULL && atomic_fetch_sub_explicit(&poll->refs, 1,
	    memory_order_acq_rel) == 1)
		let_go(poll);
}

const char *
cmio_poll_selector(const struct cmio_poll *poll)
{
	if (poll == NULL) {
		errno = EINVAL;
		return NULL;
	}
	return poll->ops->name;
}

cmio_fd
cmio_poll_fd(const struct cmio_poll *poll)
{
	cmio_fd fd;

	if (poll == NULL) {
		errno = EINVAL;
		return CMIO_FD_NONE;
	}
	fd = poll->ops->kernel_fd(poll);
	if (fd == CMIO_FD_NONE)
		errno = ENOTSUP;
	else	/* The const is the caller's promise: cmio may write. */
		cmio__user_events_expose(poll->self.poll);
	return fd;
}

/*
 * The interest as the selector is to have it, or 0 where it has nothing
 * that this selector could report.
 */
static unsigned int
known_interest(const struct cmio_poll *poll, unsigned int interest)
{
	unsigned int known = interest & poll->ops->interest;

	if (interest & ~(unsigned int)(INTERESTS | TRIGGERS))
		return 0;
	return known == 0 ? 0 : known | (interest & TRIGGERS);
}

int
cmio_register(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	if (poll == NULL || source == NULL)
		return cmio__result(-EINVAL);
	interest = known_interest(poll, interest);
	if (interest == 0)
		return cmio__result(-EINVAL);
	if (cmio__source_poll(source) != NULL)
		return cmio__result(-EEXIST);
	rc = poll->ops->add(poll, source, token, interest);
	if (rc == 0)
		hold(poll);
	cmio__probe_register(poll, source->fd, token, interest, rc);
	return cmio__result(rc);
}

int
cmio_reregister(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	int rc;

	if (poll == NULL || source == NULL)
		return cmio__result(-EINVAL);
	interest = known_interest(poll, interest);
	if (interest == 0)
		return cmio__result(-EINVAL);
	if (cmio__source_poll(source) != poll)
		return cmio__result(-ENOENT);
	rc = poll->ops->modify(poll, source, token, interest);
	cmio__probe_reregister(poll, source->fd, token, interest, rc);
	return cmio__result(rc);
}

/* The selector has taken the source out. */
static inline void
removed(struct cmio_poll *poll, struct cmio_source *source)
{
	cmio__probe_deregister(poll, source->fd);
	if (cmio__endpoint(source) == NULL)
		source->state = NULL;
	let_go(poll);
}

static inline void
remove_source(struct cmio_poll *poll, struct cmio_source *source)
{
	poll->ops->remove(poll, source);
	removed(poll, source);
}

int
cmio_deregister(struct cmio_poll *poll, struct cmio_source *source)
{
	struct cmio_poll *registered;

	if (source == NULL)
		return cmio__result(-EINVAL);
	registered = cmio__source_poll(source);
	if (poll != registered && poll != NULL)
		return cmio__result(-ENOENT);
	if (registered != NULL)
		remove_source(registered, source);
	return 0;
}

static void
release_endpoint(struct cmio_source *source)
{
	struct endpoint *endpoint = cmio__endpoint(source);

	if (endpoint == NULL)
		return;
	source->state = NULL;
	endpoint->ops->release(endpoint);
}

cmio_fd
cmio_release(struct cmio_source *source)
{
	struct cmio_poll *poll;
	cmio_fd fd;

	if (source == NULL) {
		errno = EINVAL;
		return CMIO_FD_NONE;
	}
	poll = cmio__source_poll(source);
	if (poll != NULL)
		remove_source(poll, source);
	release_endpoint(source);
	fd = source->fd;
	source->fd = CMIO_FD_NONE;
	if (fd == CMIO_FD_NONE)
		errno = EBADF;
	return fd;
}

cmio_fd
cmio_release_unshared(struct cmio_source *source)
{
	struct cmio_poll *poll = NULL;

	if (source != NULL)
		poll = cmio__source_poll(source);
	if (poll != NULL) {
		poll->ops->forget(poll, source);
		removed(poll, source);
	}
	return cmio_release(source);
}

int
cmio_rearm(struct cmio_source *source, unsigned int directions)
{
	struct cmio_poll *poll;
	int before = errno, rc;

	if (source == NULL || (directions & DIRECTIONS) == 0 ||
	    (directions & ~(unsigned int)INTERESTS) != 0)
		return cmio__result(-EINVAL);
	poll = cmio__source_poll(source);
	if (poll == NULL)
		return 0;
	if (directions & CMIO_READABLE)
		directions |= CMIO_PRIORITY;
	cmio__probe_rearm(poll, source->fd, directions);
	rc = poll->ops->rearm(poll, source, directions);
	errno = before;
	return cmio__result(rc);
}

int
cmio_user_event_add(struct cmio_poll *poll, struct cmio_user_event *event,
    uintptr_t token)
{
	int rc;

	if (poll == NULL || event == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__user_events_add(poll, event, token);
	if (rc == 0)
		hold(poll);
	return cmio__result(rc);
}

int
cmio_user_event_remove(struct cmio_user_event *event)
{
	struct cmio_poll *poll;

	if (event == NULL)
		return cmio__result(-EINVAL);
	poll = cmio__user_event_poll(event);
	if (poll == NULL)
		return cmio__result(-ENOENT);
	cmio__user_events_remove(poll, event);
	let_go(poll);
	return 0;
}

int
cmio_user_event_trigger(struct cmio_user_event *event)
{
	struct cmio_poll *poll;

	if (event == NULL)
		return cmio__result(-EINVAL);
	poll = cmio__user_event_poll(event);
	if (poll == NULL)
		return cmio__result(-ENOENT);
	if (atomic_load_explicit(&poll->refs, memory_order_relaxed) == 0)
		return cmio__result(-EBADF);
	cmio__probe_wake(poll, event->token);
	return cmio__result(cmio__user_events_trigger(poll, event));
}
