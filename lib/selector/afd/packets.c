/* SPDX-License-Identifier: MIT */
/*
 * What comes to the completion port: answers to requests, operations of
 * endpoints and of the program, and kicks, which have no OVERLAPPED.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdbool.h>
#include <stdint.h>

#include "port/api_windows.h"
#include "port/clock.h"
#include "port/error_windows.h"
#include "selector/afd/afd.h"

/* Packets that one system call may bring. */
enum { BATCH = 64 };

/* After this time what the kernel says of a request is looked at again. */
#define SETTLE_NS	INT64_C(20000000)

ULONG_PTR
cmio__afd_key(const struct afd *afd)
{
	return (ULONG_PTR)&afd->helpers;
}

/* Returns how many, 0 where the time was up. */
static int
take(struct afd *afd, OVERLAPPED_ENTRY *packets, int room, int64_t timeout)
{
	DWORD ms = (DWORD)cmio__timeout_ms(timeout), error;
	ULONG n;

	if (GetQueuedCompletionStatusEx(afd->port, packets,
	    (ULONG)(room < BATCH ? room : BATCH), &n, ms, FALSE))
		return (int)n;
	error = GetLastError();
	return error == WAIT_TIMEOUT ? 0 : cmio__windows_error(error);
}

static bool
answered(struct afd *afd, const OVERLAPPED_ENTRY *packet,
    struct cmio_event *event)
{
	bool reported;

	cmio__lock(&afd->base.lock);
	reported = cmio__afd_answered(afd,
	    (struct sock *)(void *)packet->lpOverlapped, event);
	cmio__unlock(&afd->base.lock);
	return reported;
}

/* An operation has ended.  Its own code runs without the lock. */
static unsigned int
call(const OVERLAPPED_ENTRY *packet, struct cmio_event *event)
{
	struct cmio_overlapped *op = (struct cmio_overlapped *)(void *)
	    packet->lpOverlapped;
	NTSTATUS status = (NTSTATUS)op->overlapped.Internal;
	uintptr_t token = 0;
	unsigned int ready;

	ready = op->done(op, RtlNtStatusToDosError(status),
	    packet->dwNumberOfBytesTransferred, &token);
	*event = (struct cmio_event){
		.token = token,
		.ready = ready,
		.native = (uint32_t)status,
	};
	return ready;
}

static bool
done(struct afd *afd, const OVERLAPPED_ENTRY *packet,
    struct cmio_event *event)
{
	unsigned int ready = call(packet, event);

	if (ready & ENDPOINT_FINISHED) {
		cmio__afd_forget(afd, (struct endpoint *)event->token);
		return false;
	}
	return ready != 0;
}

static bool
is_answer(const struct afd *afd, const OVERLAPPED_ENTRY *packet)
{
	return packet->lpOverlapped != NULL &&
	    packet->lpCompletionKey == cmio__afd_key(afd);
}

int
cmio__afd_receive(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	OVERLAPPED_ENTRY packets[BATCH], *packet;
	bool woken = false;
	int i, n, count = 0;

	n = take(afd, packets, nevents, timeout);
	if (n <= 0)
		return n;
	for (i = 0; i < n; i++) {
		packet = &packets[i];
		if (packet->lpOverlapped == NULL)
			woken = true;
		else if (is_answer(afd, packet))
			count += answered(afd, packet, &events[count]);
		else
			count += done(afd, packet, &events[count]);
	}
	if (count > 0)
		return count;
	return woken ? WOKEN : NO_EVENT;
}

/*
 * Every source has gone, and its request was cancelled, so that the packets
 * come at once.  The program's own operations end without a notice, and so
 * may what endpoints let go on.
 */
void
cmio__afd_settle(struct afd *afd)
{
	OVERLAPPED_ENTRY packets[BATCH];
	struct cmio_event nobody;
	int i, n;

	while (afd->in_flight > 0 || cmio__afd_endpoints_busy(afd)) {
		n = take(afd, packets, BATCH, SETTLE_NS);
		if (n < 0)
			return;
		for (i = 0; i < n; i++)
			if (is_answer(afd, &packets[i]))
				answered(afd, &packets[i], &nobody);
			else if (cmio__endpoint_is_key(
			    packets[i].lpCompletionKey))
				call(&packets[i], &nobody);
	}
}
