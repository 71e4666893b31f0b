/* SPDX-License-Identifier: MIT */
/*
 * One socket's poll request.
 *
 * AFD has no edges.  A direction that was reported is not asked for again
 * before rearm or modify.  Ends are asked for until each was reported; that
 * the socket is closed, always.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "selector/afd/bits.h"
#include "selector/afd/sock.h"

void
cmio__sock_set(struct sock *sock, uintptr_t token, unsigned int interest)
{
	sock->token = token;
	sock->interest = interest;
	sock->armed = interest & DIRECTIONS;
	sock->told = 0;
	sock->failed = false;
}

/* A failed connect may be tried again on the same socket. */
void
cmio__sock_rearm(struct sock *sock, unsigned int directions)
{
	sock->armed |= directions & sock->interest;
	sock->told &= ~(uint32_t)AFD_CONNECT_FAIL;
	sock->failed = false;
}

/* Its number may be another's by now. */
bool
cmio__sock_gone(struct sock *sock)
{
	if (!sock->closed && sock->socket.marked)
		sock->closed = !cmio__afd_is_marked(&sock->socket);
	return sock->closed;
}

static int
ask(struct sock *sock, uint32_t conditions)
{
	int rc;

	if (cmio__sock_gone(sock))
		return 0;
	rc = cmio__afd_ask(sock->helper->device, &sock->request,
	    sock->socket.base, conditions | AFD_LOCAL_CLOSE, sock);
	if (rc == -EBADF) {
		sock->closed = true;
		return 0;
	}
	if (rc != 0)
		return rc;
	sock->asked = conditions;
	sock->state = SOCK_PENDING;
	return 0;
}

static void
cancel(struct sock *sock)
{
	cmio__afd_cancel(sock->helper->device, &sock->request);
	sock->state = SOCK_CANCELLED;
}

int
cmio__sock_update(struct sock *sock)
{
	uint32_t conditions;

	if (sock->deleted || sock->closed || sock->failed)
		return 0;
	conditions = cmio__afd_conditions(sock->interest, sock->armed,
	    sock->told);
	if (sock->state == SOCK_IDLE)
		return ask(sock, conditions);
	if (sock->state == SOCK_PENDING && (conditions & ~sock->asked) != 0)
		cancel(sock);
	return 0;
}

bool
cmio__sock_delete(struct sock *sock)
{
	sock->deleted = true;
	if (sock->state == SOCK_PENDING)
		cancel(sock);
	return sock->state == SOCK_IDLE;
}

/*
 * What a request that failed means is not known; the program finds out, and
 * rearms.  Asking on would fail on, and never sleep.
 */
static uint32_t
conditions_of(struct sock *sock)
{
	int answer;

	answer = cmio__afd_answer(&sock->request);
	if (answer == -EBADF)
		return AFD_LOCAL_CLOSE;
	if (answer < 0) {
		sock->failed = true;
		return AFD_CONNECT_FAIL;
	}
	return (uint32_t)answer;
}

bool
cmio__sock_answered(struct sock *sock, struct cmio_event *event)
{
	uint32_t conditions;
	unsigned int ready;

	sock->state = SOCK_IDLE;
	if (sock->deleted || sock->closed)
		return false;
	conditions = conditions_of(sock);
	if (conditions & AFD_LOCAL_CLOSE) {
		sock->closed = true;
		return false;
	}
	ready = cmio__afd_ready(sock->socket.datagram, sock->interest,
	    sock->armed, sock->told, conditions);
	if (ready == 0)
		return false;
	*event = (struct cmio_event){
		.token = sock->token,
		.ready = ready,
		.native = conditions,
	};
	if (sock->interest & CMIO_ONESHOT)
		sock->armed = 0;
	else if ((sock->interest & CMIO_LEVEL) == 0)
		sock->armed &= ~ready;
	sock->told |= cmio__afd_ends(conditions);
	return true;
}
