/* SPDX-License-Identifier: MIT */
/*
 * The records of a poll: where they come from and go to, and the queue of
 * those whose request is to be made or made anew.
 *
 * Neither records nor handles of the device are given back before the poll
 * is: there are as many as were needed at once, and the next that is
 * registered takes no memory.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "selector/afd/afd.h"

int
cmio__afd_check_socket(struct afd *afd, const struct afd_socket *socket)
{
	int rc;

	if (afd->checker == NULL) {
		rc = cmio__afd_open_checker(&afd->checker);
		if (rc != 0)
			return rc;
	}
	return cmio__afd_check(afd->checker, socket->base);
}

static int
open_helper(struct afd *afd)
{
	struct helper *helper;
	int rc;

	helper = calloc(1, sizeof(*helper));
	if (helper == NULL)
		return -ENOMEM;
	rc = cmio__afd_open(afd->port, cmio__afd_key(afd), &helper->device);
	if (rc != 0) {
		free(helper);
		return rc;
	}
	helper->next = afd->helpers;
	afd->helpers = helper;
	return 0;
}

/*
 * A record keeps its helper while it is unused, so that there is room as
 * long as the newest one is not full.
 */
static int
new_record(struct afd *afd, struct sock **out)
{
	struct sock *sock;
	int rc;

	if (afd->helpers == NULL ||
	    afd->helpers->sockets == SOCKETS_PER_HELPER) {
		rc = open_helper(afd);
		if (rc != 0)
			return rc;
	}
	sock = calloc(1, sizeof(*sock));
	if (sock == NULL)
		return -ENOMEM;
	sock->helper = afd->helpers;
	sock->helper->sockets++;
	*out = sock;
	return 0;
}

int
cmio__afd_new_sock(struct afd *afd, cmio_fd fd,
    const struct afd_socket *socket, struct sock **out)
{
	struct sock *sock = afd->unused;
	int rc;

	if (sock != NULL)
		afd->unused = sock->next;
	else {
		rc = new_record(afd, &sock);
		if (rc != 0)
			return rc;
	}
	*sock = (struct sock){
		.base.poll = &afd->base,
		.helper = sock->helper,
		.fd = fd,
		.socket = *socket,
	};
	*out = sock;
	return 0;
}

static void
note(struct afd *afd, struct sock *sock)
{
	if (sock->previous != NULL)
		return;
	sock->next = afd->stale;
	if (sock->next != NULL)
		sock->next->previous = &sock->next;
	sock->previous = &afd->stale;
	afd->stale = sock;
}

static void
unnote(struct sock *sock)
{
	if (sock->previous == NULL)
		return;
	*sock->previous = sock->next;
	if (sock->next != NULL)
		sock->next->previous = sock->previous;
	sock->previous = NULL;
}

void
cmio__afd_free_sock(struct afd *afd, struct sock *sock)
{
	unnote(sock);
	sock->next = afd->unused;
	afd->unused = sock;
}

void
cmio__afd_drop_sock(struct afd *afd, struct sock *sock)
{
	cmio__table_remove(&afd->table, sock);
	unnote(sock);
	if (sock->state == SOCK_CANCELLED)
		afd->recalled--;
	if (cmio__sock_delete(sock))
		cmio__afd_free_sock(afd, sock);
}

static int
update(struct afd *afd, struct sock *sock)
{
	enum sock_state before = sock->state;
	int rc;

	rc = cmio__sock_update(sock);
	if (rc != 0)
		return rc;
	if (before == SOCK_IDLE && sock->state != SOCK_IDLE)
		afd->in_flight++;
	if (before == SOCK_PENDING && sock->state == SOCK_CANCELLED)
		afd->recalled++;
	if (sock->closed)
		cmio__table_remove(&afd->table, sock);
	unnote(sock);
	return 0;
}

int
cmio__afd_changed(struct afd *afd, struct sock *sock)
{
	if (afd->waiting)
		return update(afd, sock);
	note(afd, sock);
	return 0;
}

int
cmio__afd_flush(struct afd *afd)
{
	struct sock *sock, *next;
	int failed, rc = 0;

	for (sock = afd->stale; sock != NULL; sock = next) {
		next = sock->next;
		failed = update(afd, sock);
		if (rc == 0)
			rc = failed;
	}
	return rc;
}

bool
cmio__afd_answered(struct afd *afd, struct sock *sock,
    struct cmio_event *event)
{
	bool reported;

	afd->in_flight--;
	if (sock->state == SOCK_CANCELLED && !sock->deleted)
		afd->recalled--;
	reported = cmio__sock_answered(sock, event);
	if (sock->deleted)
		cmio__afd_free_sock(afd, sock);
	else if (sock->closed)
		cmio__table_remove(&afd->table, sock);
	else if (reported || update(afd, sock) != 0)
		note(afd, sock);
	else
		afd->renewed = true;
	return reported;
}

void
cmio__afd_free_sockets(struct afd *afd)
{
	struct helper *helper;
	struct sock *sock;

	while ((sock = afd->unused) != NULL) {
		afd->unused = sock->next;
		free(sock);
	}
	while ((helper = afd->helpers) != NULL) {
		afd->helpers = helper->next;
		CloseHandle(helper->device);
		free(helper);
	}
	if (afd->checker != NULL)
		CloseHandle(afd->checker);
	cmio__table_free(&afd->table);
}
