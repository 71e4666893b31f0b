/* SPDX-License-Identifier: MIT */
/*
 * Readiness by AFD and a completion port: Windows.
 *
 * Each source has a record, and the record a request to the kernel that is
 * answered once.  Requests are made when a wait begins, so that what happens
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

#include "port/clock.h"
#include "port/endpoint.h"
#include "port/error_windows.h"
#include "port/winsock.h"
#include "selector/afd/afd.h"

/* In nanoseconds: only a kernel that fails takes so long. */
#define AT_ONCE	INT64_C(100000000)

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
	*out = &afd->base;
	return 0;

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
	cmio__afd_free_sockets(afd);
	CloseHandle(afd->port);
	cmio__afd_part_endpoints(afd);
	cmio__winsock_stop();
	free(afd);
}

/*
 * Whether another record of this descriptor is in the way: not one whose
 * socket was closed without telling.  The lock is held.
 */
static bool
is_taken(struct afd *afd, cmio_fd fd)
{
	struct sock *other = cmio__table_find(&afd->table, fd);

	if (other == NULL)
		return false;
	if (!cmio__sock_gone(other))
		return true;
	cmio__table_remove(&afd->table, other);
	return false;
}

/* The lock is held. */
static int
add_socket(struct afd *afd, cmio_fd fd, const struct afd_socket *socket,
    uintptr_t token, unsigned int interest, struct sock **out)
{
	struct sock *sock;
	int rc;

	if (is_taken(afd, fd))
		return -EEXIST;
	rc = cmio__afd_check_socket(afd, socket);
	if (rc != 0)
		return rc;
	rc = cmio__afd_new_sock(afd, fd, socket, &sock);
	if (rc != 0)
		return rc;
	rc = cmio__table_insert(&afd->table, sock);
	if (rc != 0)
		goto no_table;
	cmio__afd_mark(&sock->socket);
	cmio__sock_set(sock, token, interest);
	rc = cmio__afd_changed(afd, sock);
	if (rc != 0)
		goto no_request;
	*out = sock;
	return 0;

no_request:
	cmio__table_remove(&afd->table, sock);
no_table:
	cmio__afd_free_sock(afd, sock);
	return rc;
}

static int
af_add(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    unsigned int interest)
{
	struct afd *afd = (struct afd *)poll;
	struct endpoint *endpoint = cmio__endpoint(source);
	struct afd_socket socket;
	struct sock *sock;
	int rc;

	if (endpoint != NULL) {
		rc = cmio__afd_watch(afd, endpoint, token, interest);
		goto done;
	}
	rc = cmio__afd_socket(source->fd, &socket);
	if (rc != 0)
		goto done;
	cmio__lock(&poll->lock);
	rc = add_socket(afd, source->fd, &socket, token, interest, &sock);
	cmio__unlock(&poll->lock);
	if (rc == 0)
		source->state = &sock->base;
done:
	return rc;
}

/* Its mark tells by one call; where it could not be marked, Winsock tells. */
static bool
is_gone(struct sock *sock)
{
	struct afd_socket socket;

	return cmio__sock_gone(sock) || (!sock->socket.marked &&
	    cmio__afd_socket(sock->fd, &socket) != 0);
}

/* The number may be another socket's now, something else's, or nobody's. */
static int
why_gone(const struct sock *sock)
{
	struct afd_socket socket;
	int rc;

	rc = cmio__afd_socket(sock->fd, &socket);
	return rc == 0 ? -ENOENT : rc;
}

/* The lock is held. */
static int
modify_sock(struct afd *afd, struct sock *sock, uintptr_t token,
    unsigned int interest)
{
	struct sock before = *sock;
	int rc;

	if (is_gone(sock)) {
		cmio__table_remove(&afd->table, sock);
		return why_gone(sock);
	}
	cmio__sock_set(sock, token, interest);
	rc = cmio__afd_changed(afd, sock);
	if (rc != 0) {
		cmio__sock_set(sock, before.token, before.interest);
		sock->armed = before.armed;
		sock->told = before.told;
		sock->failed = before.failed;
	}
	return rc;
}

static int
af_modify(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int interest)
{
	struct afd *afd = (struct afd *)poll;
	struct endpoint *endpoint = cmio__endpoint(source);
	struct sock *sock = source->state;
	int rc;

	if (endpoint != NULL)
		return cmio__afd_watch(afd, endpoint,
		    token, interest);
	cmio__lock(&poll->lock);
	rc = modify_sock(afd, sock, token, interest);
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
	cmio__afd_drop_sock((struct afd *)poll, source->state);
	cmio__unlock(&poll->lock);
}

static int
af_rearm(struct cmio_poll *poll, struct cmio_source *source,
    unsigned int directions)
{
	struct endpoint *endpoint = cmio__endpoint(source);
	struct sock *sock = source->state;
	int rc = 0;

	if (endpoint != NULL) {
		endpoint->ops->rearm(endpoint, directions);
		return 0;
	}
	cmio__lock(&poll->lock);
	if (((directions & sock->interest & ~sock->armed) != 0 ||
	    sock->failed) && (sock->interest & CMIO_ONESHOT) == 0) {
		cmio__sock_rearm(sock, directions);
		rc = cmio__afd_changed((struct afd *)poll, sock);
	}
	cmio__unlock(&poll->lock);
	return rc;
}

/*
 * A request that was taken back to ask for more comes at once, but by way of
 * the thread that made it: a look waits for it.
 */
static int
receive(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	cmio__lock(&afd->base.lock);
	afd->renewed = false;
	if (timeout == 0 && afd->recalled > 0)
		timeout = AT_ONCE;
	cmio__unlock(&afd->base.lock);
	return cmio__afd_receive(afd, events, nevents, timeout);
}

/*
 * One turn of the wait.  What could not be asked is tried again by the next
 * wait, and is no reason to keep from the program what has come.
 */
static int
wait_once(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	int failed, rc;

	cmio__lock(&afd->base.lock);
	failed = cmio__afd_flush(afd);
	cmio__unlock(&afd->base.lock);
	rc = receive(afd, events, nevents, failed == 0 ? timeout : 0);
	return rc == 0 && failed != 0 ? failed : rc;
}

/* Whether a request that was made anew, or is to be, has its answer to come. */
static bool
is_owed(struct afd *afd)
{
	bool owed;

	cmio__lock(&afd->base.lock);
	owed = afd->renewed || afd->recalled > 0;
	cmio__unlock(&afd->base.lock);
	return owed;
}

/* Sleeps until there is something to return, which may be WOKEN. */
static int
wait_long(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	int rc;

	rc = wait_once(afd, events, nevents, timeout);
	/* Packets of no interest: look at what is behind them. */
	while (rc == NO_EVENT && (timeout == 0 || is_owed(afd)))
		rc = wait_once(afd, events, nevents, timeout = 0);
	return rc == NO_EVENT ? 0 : rc;
}

/*
 * What was reregistered while its request was in flight is asked anew when
 * that has come back.  The answer is to come in this wait, as elsewhere, also
 * where something else has ended it.
 */
static int
look_again(struct afd *afd, struct cmio_event *events, int nevents, int rc)
{
	int n, count = rc == WOKEN ? 0 : rc;

	while (count < nevents && is_owed(afd)) {
		n = receive(afd, events + count, nevents - count, 0);
		if (n > 0)
			count += n;
		else if (n != NO_EVENT && n != WOKEN)
			break;
	}
	return count > 0 ? count : rc;
}

static bool
begin(struct afd *afd)
{
	bool first;

	cmio__lock(&afd->base.lock);
	first = !afd->waiting;
	afd->waiting = true;
	cmio__unlock(&afd->base.lock);
	return first;
}

static void
end(struct afd *afd)
{
	cmio__lock(&afd->base.lock);
	afd->waiting = false;
	cmio__unlock(&afd->base.lock);
}

static int
af_wait(struct cmio_poll *poll, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	struct afd *afd = (struct afd *)poll;
	int rc;

	if (!begin(afd))
		return -EBUSY;
	rc = wait_long(afd, events, nevents, timeout);
	if (rc > 0 || rc == WOKEN)
		rc = look_again(afd, events, nevents, rc);
	end(afd);
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
	.wait = af_wait,
	.kernel_fd = af_kernel_fd,
	.wake_on = cmio__no_op,
	.wake_off = cmio__no_op,
	.wake = af_wake,
};
