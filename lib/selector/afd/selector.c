/* SPDX-License-Identifier: MIT */
/*
 * Readiness by AFD and a completion port: Windows.
 *
 * Each source has a record, and the record a question to the kernel that is
 * answered once.  Questions are asked when a wait begins, so that what happens
 * to a source in between costs nothing; while a thread waits, at once.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "port/api_windows.h"
#include "port/clock.h"
#include "port/endpoint.h"
#include "port/error_windows.h"
#include "port/kind.h"
#include "port/result.h"
#include "port/winsock.h"
#include "selector/afd/afd.h"

static int
af_open(struct cmio_poll **out)
{
	struct afd *afd;
	int rc;

	afd = calloc(1, sizeof(*afd));
	if (afd == NULL)
		return -ENOMEM;
	rc = cmio__winsock_start();
	if (rc != 0)
		goto no_winsock;
	afd->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
	if (afd->port == NULL) {
		rc = cmio__last_error();
		goto no_port;
	}
	afd->guard_port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL,
	    0, 0);
	if (afd->guard_port == NULL) {
		rc = cmio__last_error();
		goto no_guard_port;
	}
	*out = &afd->base;
	return 0;

no_guard_port:
	CloseHandle(afd->port);
no_port:
	cmio__winsock_stop();
no_winsock:
	free(afd);
	return rc;
}

static void
af_close(struct cmio_poll *poll)
{
	struct afd *afd = (struct afd *)poll;

	cmio__afd_leave_endpoints(afd);
	cmio__afd_settle(afd);
	cmio__afd_free_records(afd);
	CloseHandle(afd->guard_port);
	CloseHandle(afd->port);
	cmio__afd_part_endpoints(afd);
	cmio__winsock_stop();
	free(afd);
}

/*
 * Whether another record of this descriptor is in the way: not one whose
 * socket was closed without cmio_deregister().  The lock is held.
 */
static bool
is_taken(struct afd *afd, cmio_fd fd)
{
	if (afd->unused == NULL || cmio__table_find(&afd->table, fd) != NULL)
		cmio__afd_see_closed(afd);
	return cmio__table_find(&afd->table, fd) != NULL;
}

/* The lock is held. */
static int
add_socket(struct afd *afd, cmio_fd fd, const struct afd_socket *socket,
    struct afd_record **out)
{
	struct afd_record *record;
	int rc;

	if (is_taken(afd, fd))
		return -EEXIST;
	rc = cmio__afd_new_record(afd, fd, socket, &record);
	if (rc != 0)
		return rc;
	rc = cmio__table_insert(&afd->table, record);
	if (rc != 0)
		goto no_table;
	rc = cmio__afd_guard(afd, record);
	if (rc != 0)
		goto no_guard;
	*out = record;
	return 0;

no_guard:
	cmio__table_remove(&afd->table, record);
no_table:
	cmio__afd_free_record(afd, record);
	return rc;
}

/* The lock is held. */
static int
add_and_ask(struct afd *afd, cmio_fd fd, const struct afd_socket *socket,
    uintptr_t token, unsigned int interest, struct afd_record **out)
{
	int rc;

	rc = add_socket(afd, fd, socket, out);
	if (rc != 0)
		return rc;
	cmio__request_set(*out, token, interest);
	rc = cmio__afd_changed(afd, *out);
	if (rc != 0)
		cmio__afd_remove_record(afd, *out);
	return rc;
}

static int
af_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct afd *afd = (struct afd *)poll;
	struct endpoint *endpoint = cmio__endpoint(source);
	struct afd_socket socket;
	struct afd_record *record;
	int rc;

	if (endpoint != NULL)
		return cmio__afd_watch(afd, endpoint, token, interest);
	rc = cmio__afd_socket(source->fd, &socket);
	if (rc != 0)
		return rc;
	cmio__lock(&poll->lock);
	rc = add_and_ask(afd, source->fd, &socket, token, interest, &record);
	cmio__unlock(&poll->lock);
	if (rc != 0)
		return rc;
	source->state = &record->base;
	if (socket.stream)
		source->kind |= KIND_STREAM;
	return 0;
}

/* The number may be another socket's now, something else's, or nobody's. */
static int
why_closed(const struct afd_record *record)
{
	struct afd_socket socket;
	int rc;

	rc = cmio__afd_socket(record->fd, &socket);
	return rc == 0 ? -ENOENT : rc;
}

/* The lock is held. */
static int
modify_record(struct afd *afd, struct afd_record *record, uintptr_t token,
    unsigned int interest)
{
	struct afd_record before = *record;
	int rc;

	cmio__afd_see_closed(afd);
	if (record->closed)
		return why_closed(record);
	cmio__request_set(record, token, interest);
	rc = cmio__afd_changed(afd, record);
	if (rc != 0) {
		cmio__request_set(record, before.token, before.interest);
		record->armed = before.armed;
		record->reported = before.reported;
		record->failed = before.failed;
	}
	return rc;
}

static int
af_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct afd *afd = (struct afd *)poll;
	struct endpoint *endpoint = cmio__endpoint(source);
	int rc;

	if (endpoint != NULL)
		return cmio__afd_watch(afd, endpoint, token, interest);
	cmio__lock(&poll->lock);
	rc = modify_record(afd, source->state, token, interest);
	cmio__unlock(&poll->lock);
	return rc;
}

static void
af_remove(struct cmio_poll *poll, struct cmio_source *source)
{
	struct endpoint *endpoint = cmio__endpoint(source);

	if (endpoint != NULL) {
		endpoint->ops->unwatch(endpoint);
		return;
	}
	cmio__lock(&poll->lock);
	cmio__afd_remove_record((struct afd *)poll, source->state);
	cmio__unlock(&poll->lock);
}

static int
af_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct endpoint *endpoint = cmio__endpoint(source);
	struct afd_record *record = source->state;
	int rc = 0;

	if (endpoint != NULL) {
		endpoint->ops->rearm(endpoint, directions);
		return 0;
	}
	cmio__lock(&poll->lock);
	if (((directions & record->interest & ~record->armed) != 0 ||
	    record->failed) && (record->interest & CMIO_ONESHOT) == 0) {
		cmio__request_rearm(record, directions);
		rc = cmio__afd_changed((struct afd *)poll, record);
	}
	cmio__unlock(&poll->lock);
	return rc;
}

static cmio_fd
af_kernel_fd(const struct cmio_poll *poll)
{
	return (cmio_fd)((const struct afd *)poll)->port;
}

static int
af_wake(struct cmio_poll *poll)
{
	if (!PostQueuedCompletionStatus(((struct afd *)poll)->port, 0, 0,
	    NULL))
		return cmio__last_error();
	return 0;
}

const struct selector_ops cmio__afd = {
	.name = "afd",
	.interest = DIRECTIONS,
	.open = af_open,
	.close = af_close,
	.add = af_add,
	.modify = af_modify,
	.remove = af_remove,
	.forget = af_remove,
	.rearm = af_rearm,
	.wait = cmio__afd_wait,
	.kernel_fd = af_kernel_fd,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = af_wake,
};

int
cmio_associate(struct cmio_poll *poll, cmio_fd handle)
{
	if (poll == NULL || poll->ops != &cmio__afd)
		return cmio__result(-EINVAL);
	if (handle == CMIO_FD_NONE)
		return cmio__result(-EBADF);
	return cmio__result(cmio__afd_associate((struct afd *)poll,
	    (HANDLE)handle, 0));
}
