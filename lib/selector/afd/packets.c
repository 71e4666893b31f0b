/* SPDX-License-Identifier: MIT */
/*
 * What comes to the completion port: answers to questions, operations of
 * endpoints and of the program, and wakes, which have no OVERLAPPED.
 *
 * A guard whose socket was closed comes to its port before the number of the
 * socket can be in use again, so before any answer about another socket of
 * that number.  So the guards' port is emptied after answers were taken, and
 * before they are looked at.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdbool.h>
#include <stdint.h>

#include "port/api_windows.h"
#include "selector/afd/afd.h"

/*
 * How long a poll that is closed waits for a packet before it asks whether
 * the kernel has given everything back, in nanoseconds.
 */
#define SETTLE	INT64_C(20000000)

static struct afd_record *
record_of(const OVERLAPPED_ENTRY *packet)
{
	return (struct afd_record *)(void *)packet->lpOverlapped;
}

static bool
answered(struct afd *afd, const OVERLAPPED_ENTRY *packet,
    struct cmio_event *event)
{
	bool reported;

	cmio__lock(&afd->base.lock);
	reported = cmio__afd_answered(afd, record_of(packet), event);
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

static void
see_closed(struct afd *afd, const OVERLAPPED_ENTRY *packets, int n)
{
	int i = 0;

	while (i < n && !is_answer(afd, &packets[i]))
		i++;
	if (i == n)
		return;
	cmio__lock(&afd->base.lock);
	cmio__afd_see_closed(afd);
	cmio__unlock(&afd->base.lock);
}

int
cmio__afd_receive(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	OVERLAPPED_ENTRY packets[BATCH], *packet;
	int i, n, count = 0;

	n = cmio__afd_take(afd->port, packets, nevents, timeout);
	if (n <= 0)
		return n;
	see_closed(afd, packets, n);
	for (i = 0; i < n; i++) {
		packet = &packets[i];
		if (is_answer(afd, packet))
			count += answered(afd, packet, &events[count]);
		else if (packet->lpOverlapped != NULL)
			count += done(afd, packet, &events[count]);
	}
	return count > 0 ? count : WOKEN;
}

/* The program's own operations end without a notice. */
static void
drop(struct afd *afd, const OVERLAPPED_ENTRY *packet)
{
	struct cmio_event nobody;

	if (is_answer(afd, packet))
		answered(afd, packet, &nobody);
	else if (cmio__endpoint_is_key(packet->lpCompletionKey))
		call(packet, &nobody);
}

/*
 * Every source has gone and its requests were cancelled, so their packets
 * come at once.  But the program may have taken some by itself.
 */
void
cmio__afd_settle(struct afd *afd)
{
	OVERLAPPED_ENTRY packets[BATCH];
	int i, n;

	while (afd->in_flight > 0 || cmio__afd_endpoints_busy(afd)) {
		n = cmio__afd_take(afd->port, packets, BATCH, SETTLE);
		if (n < 0)
			break;
		for (i = 0; i < n; i++)
			drop(afd, &packets[i]);
		if (n == 0)
			cmio__afd_recount(afd);
	}
	cmio__afd_settle_guards(afd);
}
