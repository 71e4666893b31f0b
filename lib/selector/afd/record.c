/* SPDX-License-Identifier: MIT */
/*
 * The records of a poll: where they come from and go to, and the queue of
 * those whose question is to be asked or asked anew; and the guards, which
 * have a completion port of their own.
 *
 * Neither records nor handles of the device are given back before the poll
 * is: there are as many as were needed at once, and the next source takes one
 * of these, without an allocation.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "selector/afd/afd.h"

static int
open_helper(struct afd *afd)
{
	struct helper *helper;
	int rc;

	helper = calloc(1, sizeof(*helper));
	if (helper == NULL)
		return -ENOMEM;
	rc = cmio__afd_open(afd->port, cmio__afd_key(afd), &helper->device);
	if (rc != 0)
		goto no_device;
	rc = cmio__afd_open(afd->guard_port, 0, &helper->guards);
	if (rc != 0)
		goto no_guards;
	helper->next = afd->helpers;
	afd->helpers = helper;
	return 0;

no_guards:
	CloseHandle(helper->device);
no_device:
	free(helper);
	return rc;
}

/*
 * A record keeps its helper while it is unused, so that there is room as
 * long as the newest one is not full.
 */
static int
new_record(struct afd *afd, struct afd_record **out)
{
	struct afd_record *record;
	int rc;

	if (afd->helpers == NULL ||
	    afd->helpers->sockets == SOCKETS_PER_HELPER) {
		rc = open_helper(afd);
		if (rc != 0)
			return rc;
	}
	record = calloc(1, sizeof(*record));
	if (record == NULL)
		return -ENOMEM;
	record->helper = afd->helpers;
	record->helper->sockets++;
	record->all = afd->records;
	afd->records = record;
	*out = record;
	return 0;
}

int
cmio__afd_new_record(struct afd *afd, cmio_fd fd,
    const struct afd_socket *socket, struct afd_record **out)
{
	struct afd_record *record = afd->unused;
	int rc;

	if (record != NULL)
		afd->unused = record->next;
	else {
		rc = new_record(afd, &record);
		if (rc != 0)
			return rc;
	}
	*record = (struct afd_record){
		.base.poll = &afd->base,
		.all = record->all,
		.helper = record->helper,
		.fd = fd,
		.socket = *socket,
	};
	*out = record;
	return 0;
}

int
cmio__afd_guard(struct afd *afd, struct afd_record *record)
{
	int rc;

	rc = cmio__request_guard(record);
	if (rc == 0)
		afd->guards++;
	return rc;
}

static void
note(struct afd *afd, struct afd_record *record)
{
	if (record->previous != NULL)
		return;
	record->next = afd->stale;
	if (record->next != NULL)
		record->next->previous = &record->next;
	record->previous = &afd->stale;
	afd->stale = record;
}

static void
unnote(struct afd_record *record)
{
	if (record->previous == NULL)
		return;
	*record->previous = record->next;
	if (record->next != NULL)
		record->next->previous = record->previous;
	record->previous = NULL;
}

void
cmio__afd_free_record(struct afd *afd, struct afd_record *record)
{
	unnote(record);
	record->next = afd->unused;
	afd->unused = record;
}

/* Its socket or its source has gone; nothing is to be asked. */
static void
retire(struct afd *afd, struct afd_record *record)
{
	cmio__table_remove(&afd->table, record);
	unnote(record);
	if (record->state == RECALLED)
		afd->recalled--;
}

void
cmio__afd_remove_record(struct afd *afd, struct afd_record *record)
{
	retire(afd, record);
	cmio__request_remove(record);
	if (cmio__request_is_over(record))
		cmio__afd_free_record(afd, record);
}

static int
update(struct afd *afd, struct afd_record *record)
{
	enum question before = record->state;
	int rc;

	rc = cmio__request_update(record);
	if (rc != 0)
		return rc;
	if (before == IDLE && record->state != IDLE)
		afd->in_flight++;
	if (before == PENDING && record->state == RECALLED)
		afd->recalled++;
	if (record->closed)
		cmio__table_remove(&afd->table, record);
	unnote(record);
	return 0;
}

static void
guard_back(struct afd *afd, struct afd_record *record)
{
	bool recalled = record->state == RECALLED;

	afd->guards--;
	cmio__request_guard_back(record);
	if (record->guarded)
		afd->guards++;
	else if (!record->removed) {
		if (recalled)
			afd->recalled--;
		cmio__table_remove(&afd->table, record);
		unnote(record);
	} else if (cmio__request_is_over(record))
		cmio__afd_free_record(afd, record);
}

/* Returns how many were back, 0 if the time is up, or an error. */
static int
take_guards(struct afd *afd, int64_t timeout)
{
	OVERLAPPED_ENTRY packets[BATCH];
	int i, n;

	n = cmio__afd_take(afd->guard_port, packets, BATCH, timeout);
	for (i = 0; i < n; i++)
		guard_back(afd, (struct afd_record *)(void *)
		    packets[i].lpOverlapped);
	return n;
}

void
cmio__afd_see_closed(struct afd *afd)
{
	while (afd->guards > 0 && take_guards(afd, 0) == BATCH)
		continue;
}

void
cmio__afd_settle_guards(struct afd *afd)
{
	while (afd->guards > 0 && take_guards(afd, -1) > 0)
		continue;
}

/*
 * Wine's server ends if a question names a handle of the device that is not a
 * socket.  The number of a closed socket can belong to one: also to the next
 * socket, as Wine makes a socket of such a handle.  So questions are not asked
 * about a socket whose guard is back; to see that costs no system call.
 */
static bool
is_guard_back(const struct afd_record *record)
{
	return record->guarded && cmio__afd_is_back(&record->guard);
}

int
cmio__afd_changed(struct afd *afd, struct afd_record *record)
{
	if (!afd->waiting) {
		note(afd, record);
		return 0;
	}
	if (is_guard_back(record))
		cmio__afd_see_closed(afd);
	return update(afd, record);
}

int
cmio__afd_flush(struct afd *afd)
{
	struct afd_record *record, *next;
	int failed, rc = 0;

	record = afd->stale;
	while (record != NULL && !is_guard_back(record))
		record = record->next;
	if (record != NULL)
		cmio__afd_see_closed(afd);
	for (record = afd->stale; record != NULL; record = next) {
		next = record->next;
		failed = update(afd, record);
		if (rc == 0)
			rc = failed;
	}
	return rc;
}

bool
cmio__afd_answered(struct afd *afd, struct afd_record *record,
    struct cmio_event *event)
{
	bool reported;

	if (record->state == IDLE)	/* counted already by recount() */
		return false;
	afd->in_flight--;
	if (record->state == RECALLED)
		afd->recalled--;
	reported = cmio__request_answered(record, event);
	if (cmio__request_is_over(record))
		cmio__afd_free_record(afd, record);
	else if (record->removed)
		return false;
	else if (record->closed)
		cmio__table_remove(&afd->table, record);
	else if (reported || update(afd, record) != 0)
		note(afd, record);
	else
		afd->renewed = true;
	return reported;
}

/* The packets of these were taken from the port by somebody else. */
void
cmio__afd_recount(struct afd *afd)
{
	struct afd_record *record;

	for (record = afd->records; record != NULL; record = record->all)
		if (record->state != IDLE &&
		    cmio__afd_is_back(&record->question)) {
			record->state = IDLE;
			afd->in_flight--;
		}
}

void
cmio__afd_free_records(struct afd *afd)
{
	struct afd_record *record;
	struct helper *helper;

	while ((record = afd->records) != NULL) {
		afd->records = record->all;
		free(record);
	}
	while ((helper = afd->helpers) != NULL) {
		afd->helpers = helper->next;
		CloseHandle(helper->device);
		CloseHandle(helper->guards);
		free(helper);
	}
	cmio__table_free(&afd->table);
}
