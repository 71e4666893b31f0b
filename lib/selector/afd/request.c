/* SPDX-License-Identifier: MIT */
/*
 * The guard and the question of one socket: see request.h.
 *
 * A direction that was reported is disarmed, which makes an edge: it is not
 * asked for again before rearm or modify.  Ends are asked for until each was
 * reported.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "selector/afd/bits.h"
#include "selector/afd/request.h"

void
cmio__request_set(struct afd_record *record, uintptr_t token,
    unsigned int interest)
{
	record->token = token;
	record->interest = interest;
	record->armed = interest & DIRECTIONS;
	record->reported = 0;
	record->failed = false;
}

/* A failed connect may be tried again on the same socket. */
void
cmio__request_rearm(struct afd_record *record, unsigned int directions)
{
	record->armed |= directions & record->interest;
	record->reported &= ~(uint32_t)AFD_CONNECT_FAIL;
	record->failed = false;
}

static int
ask_guard(struct afd_record *record)
{
	int rc;

	rc = cmio__afd_ask(record->helper->guards, &record->guard,
	    record->socket.base, AFD_LOCAL_CLOSE, record);
	record->guarded = rc == 0;
	return rc;
}

int
cmio__request_guard(struct afd_record *record)
{
	int rc;

	rc = ask_guard(record);
	return rc == 0 || rc == -ENOMEM || rc == -ENOBUFS ? rc : -EPERM;
}

/* The question is of no use any more. */
static void
end_question(struct afd_record *record)
{
	if (record->state == PENDING)
		cmio__afd_cancel(record->helper->device, &record->question);
	if (record->state != IDLE)
		record->state = ENDING;
}

void
cmio__request_guard_back(struct afd_record *record)
{
	record->guarded = false;
	if (record->removed)
		return;
	if (cmio__afd_answer(&record->guard) == 0 && ask_guard(record) == 0)
		return;
	record->closed = true;
	end_question(record);
}

static int
ask(struct afd_record *record, uint32_t conditions)
{
	int rc;

	rc = cmio__afd_ask(record->helper->device, &record->question,
	    record->socket.base, conditions | AFD_LOCAL_CLOSE, record);
	if (rc == -EBADF) {
		record->closed = true;
		return 0;
	}
	if (rc != 0)
		return rc;
	record->asked = conditions;
	record->state = PENDING;
	return 0;
}

static void
recall(struct afd_record *record)
{
	cmio__afd_cancel(record->helper->device, &record->question);
	record->state = RECALLED;
}

int
cmio__request_update(struct afd_record *record)
{
	uint32_t conditions;

	if (record->removed || record->closed || record->failed)
		return 0;
	conditions = cmio__afd_conditions(record->interest, record->armed,
	    record->reported);
	if (record->state == IDLE)
		return ask(record, conditions);
	if (record->state == PENDING && (conditions & ~record->asked) != 0)
		recall(record);
	return 0;
}

void
cmio__request_remove(struct afd_record *record)
{
	record->removed = true;
	if (record->guarded)
		cmio__afd_cancel(record->helper->guards, &record->guard);
	end_question(record);
}

bool
cmio__request_is_over(const struct afd_record *record)
{
	return record->removed && !record->guarded && record->state == IDLE;
}

/*
 * Why a question failed is not known; the program finds out, and rearms.  To
 * ask again would fail again, and never sleep.
 */
static uint32_t
conditions_of(struct afd_record *record)
{
	int answer;

	answer = cmio__afd_answer(&record->question);
	if (answer == -EBADF)
		return AFD_LOCAL_CLOSE;
	if (answer < 0) {
		record->failed = true;
		return AFD_CONNECT_FAIL;
	}
	return (uint32_t)answer;
}

bool
cmio__request_answered(struct afd_record *record, struct cmio_event *event)
{
	uint32_t conditions;
	unsigned int ready;

	record->state = IDLE;
	if (record->removed || record->closed)
		return false;
	conditions = conditions_of(record);
	if (conditions & AFD_LOCAL_CLOSE) {
		record->closed = true;
		return false;
	}
	ready = cmio__afd_ready(record->socket.datagram, record->interest,
	    record->armed, record->reported, conditions);
	if (ready == 0)
		return false;
	*event = (struct cmio_event){
		.token = record->token,
		.ready = ready,
		.native = conditions,
	};
	if (record->interest & CMIO_ONESHOT)
		record->armed = 0;
	else if ((record->interest & CMIO_LEVEL) == 0)
		record->armed &= ~ready;
	record->reported |= cmio__afd_ends(conditions);
	return true;
}
