/* SPDX-License-Identifier: MIT */
/*
 * Handles of others on the completion port: the program's, and endpoints.
 *
 * An associated endpoint stays in a list until it has finished or the poll
 * goes, so that no packet is left that points to freed memory.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/error_windows.h"
#include "port/overlapped.h"
#include "selector/afd/afd.h"

/*
 * A handle is one port's for good.  The kernel has one error for those that
 * have a port and those that can have none.
 */
int
cmio__afd_associate(struct afd *afd, HANDLE handle, ULONG_PTR key)
{
	DWORD error;

	if (CreateIoCompletionPort(handle, afd->port, key, 0) != NULL)
		return 0;
	error = GetLastError();
	if (error == ERROR_INVALID_PARAMETER && cmio__is_overlapped(handle))
		return -EEXIST;
	return cmio__windows_error(error);
}

static void
link_endpoint(struct afd *afd, struct endpoint *endpoint)
{
	endpoint->previous = NULL;
	endpoint->next = afd->endpoints;
	if (endpoint->next != NULL)
		endpoint->next->previous = endpoint;
	afd->endpoints = endpoint;
}

static void
unlink_endpoint(struct afd *afd, struct endpoint *endpoint)
{
	if (endpoint->previous != NULL)
		endpoint->previous->next = endpoint->next;
	else
		afd->endpoints = endpoint->next;
	if (endpoint->next != NULL)
		endpoint->next->previous = endpoint->previous;
}

static int
join(struct afd *afd, struct endpoint *endpoint)
{
	int rc;

	if (endpoint->port == (cmio_fd)afd->port)
		return 0;
	if (endpoint->port != CMIO_FD_NONE)
		return -EEXIST;
	rc = cmio__afd_associate(afd, (HANDLE)endpoint->handle,
	    cmio__endpoint_key(endpoint));
	if (rc != 0)
		return rc;
	endpoint->port = (cmio_fd)afd->port;
	cmio__lock(&afd->base.lock);
	link_endpoint(afd, endpoint);
	cmio__unlock(&afd->base.lock);
	return 0;
}

int
cmio__afd_watch(struct afd *afd, struct endpoint *endpoint, uintptr_t token,
    unsigned int interest)
{
	struct cmio_poll *before = endpoint->poll;
	int rc;

	rc = join(afd, endpoint);
	if (rc != 0)
		return rc;
	endpoint->poll = &afd->base;
	rc = endpoint->ops->watch(endpoint, token, interest);
	if (rc != 0)
		endpoint->poll = before;
	return rc;
}

void
cmio__afd_forget(struct afd *afd, struct endpoint *endpoint)
{
	cmio__lock(&afd->base.lock);
	unlink_endpoint(afd, endpoint);
	cmio__unlock(&afd->base.lock);
	endpoint->ops->free(endpoint);
}

void
cmio__afd_leave_endpoints(struct afd *afd)
{
	struct endpoint *endpoint;

	for (endpoint = afd->endpoints; endpoint != NULL;
	    endpoint = endpoint->next)
		endpoint->ops->leave(endpoint);
}

bool
cmio__afd_endpoints_busy(struct afd *afd)
{
	struct endpoint *endpoint;

	for (endpoint = afd->endpoints; endpoint != NULL;
	    endpoint = endpoint->next)
		if (endpoint->ops->is_busy(endpoint))
			return true;
	return false;
}

void
cmio__afd_part_endpoints(struct afd *afd)
{
	struct endpoint *endpoint;

	while ((endpoint = afd->endpoints) != NULL) {
		unlink_endpoint(afd, endpoint);
		endpoint->port = CMIO_FD_NONE;
		endpoint->ops->part(endpoint);
	}
}
