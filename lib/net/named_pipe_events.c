/* SPDX-License-Identifier: MIT */
/*
 * Readiness of a named pipe, made of overlapped operations.
 *
 * A read of no bytes ends when there is something to read, or when the peer
 * has closed: it takes nothing out of the pipe, so there is no data here to
 * lose, to mix up after a disconnect, or to cut if a message is longer than
 * some buffer.  Then the program's read takes what is there.  A write is from
 * a buffer of the pipe's own; the pipe is writable again when the kernel has
 * taken that.
 *
 * A packet of the completion port says only that something may have changed:
 * what is reported is the state when the packet is taken.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/named_pipe.h"
#include "port/error_windows.h"

static void
begin(struct pipe *p, struct pipe_op *op)
{
	memset(&op->base.overlapped, 0, sizeof(op->base.overlapped));
	op->in_flight = true;
	op->generation = p->generation;
}

void
cmio__pipe_note(struct pipe *p)
{
	if (p->note.in_flight || p->port != PORT_JOINED)
		return;
	p->note.in_flight = PostQueuedCompletionStatus((HANDLE)p->base.port,
	    0, cmio__endpoint_key(&p->base), &p->note.base.overlapped);
}

int
cmio__pipe_available(HANDLE reader)
{
	DWORD n, error;

	if (PeekNamedPipe(reader, NULL, 0, NULL, &n, NULL))
		return n < INT32_MAX ? (int)n : INT32_MAX;
	error = GetLastError();
	return cmio__pipe_is_end(error) ? -EPIPE : cmio__windows_error(error);
}

/*
 * Whether data and the peer's end are to be waited for.  Once readability was
 * reported, the program's next read does that.
 */
static bool
is_to_look(const struct pipe *p)
{
	return p->watched && p->peer == PEER_HERE && p->reader != NULL &&
	    !p->look.in_flight && !p->readable &&
	    (p->interest & p->directions & ~p->armed & CMIO_READABLE) == 0;
}

/* A packet comes unless the read fails at once; a warning is no failure. */
static void
look(struct pipe *p)
{
	DWORD error = ERROR_SUCCESS;
	char nothing;

	if (!is_to_look(p))
		return;
	begin(p, &p->look);
	if (!ReadFile(p->reader, &nothing, 0, NULL,
	    &p->look.base.overlapped))
		error = GetLastError();
	if (error == ERROR_SUCCESS || error == ERROR_IO_PENDING ||
	    error == ERROR_MORE_DATA)
		return;
	p->look.in_flight = false;
	p->peer = PEER_GONE;
}

/* What to report, without the directions that the end does not have. */
static unsigned int
ready_now(const struct pipe *p)
{
	unsigned int ready = 0;

	if (p->readable)
		ready |= CMIO_READABLE;
	if (cmio__pipe_has_peer(p) && !p->write.in_flight)
		ready |= CMIO_WRITABLE;
	if (p->peer == PEER_GONE || p->connect_error != 0 ||
	    p->write_error != 0)
		ready |= BOTH_DIRECTIONS;
	return ready & p->directions;
}

static unsigned int
ends_now(const struct pipe *p)
{
	unsigned int ends = 0;

	if (p->peer == PEER_GONE && (p->directions & CMIO_READABLE))
		ends |= CMIO_READ_CLOSED;
	if (p->peer == PEER_GONE && (p->directions & CMIO_WRITABLE))
		ends |= CMIO_WRITE_CLOSED;
	if (p->connect_error != 0 || p->write_error != 0)
		ends |= CMIO_ERROR;
	return ends;
}

/* Whether there is something that was not reported yet. */
static bool
has_news(const struct pipe *p)
{
	return p->watched && ((ready_now(p) & p->armed) != 0 ||
	    (p->peer == PEER_GONE && !p->end_reported));
}

void
cmio__pipe_update(struct pipe *p)
{
	look(p);
	if (has_news(p))
		cmio__pipe_note(p);
}

int
cmio__pipe_connect(struct pipe *p)
{
	DWORD error = ERROR_IO_PENDING;

	if (p->peer != PEER_WANTED || p->connect.in_flight ||
	    p->port != PORT_JOINED)
		return 0;
	begin(p, &p->connect);
	if (!ConnectNamedPipe(cmio__pipe_handle(p),
	    &p->connect.base.overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		return 0;
	p->connect.in_flight = false;
	/* NO_DATA: one that has come and gone, and has left what it wrote. */
	if (error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA) {
		p->peer = PEER_HERE;
		return 0;
	}
	p->peer = PEER_NONE;
	return cmio__windows_error(error);
}

/* What a packet reports. */
static unsigned int
report(struct pipe *p, uintptr_t *token)
{
	unsigned int ready = ready_now(p) & p->interest;

	if (!has_news(p))
		return 0;
	*token = p->token;
	ready |= ends_now(p);
	p->end_reported = p->peer == PEER_GONE;
	if (p->interest & CMIO_ONESHOT)
		p->armed = 0;
	else if (p->interest & CMIO_LEVEL) {
		/* Both are found out anew, for the next wait. */
		p->readable = false;
		cmio__pipe_update(p);
	} else
		p->armed &= ~ready;
	return ready;
}

/* Ends what a packet has begun, and unlocks. */
static unsigned int
finish(struct pipe *p, uintptr_t *token)
{
	unsigned int ready = 0;

	if (p->port == PORT_JOINED) {
		ready = report(p, token);
		if (p->closed && !cmio__pipe_in_flight(p)) {
			*token = (uintptr_t)&p->base;
			ready = ENDPOINT_FINISHED;
		}
	}
	cmio__unlock(&p->lock);
	return ready;
}

/* The operation of the packet is over; locks. */
static struct pipe *
over(struct cmio_overlapped *base, size_t offset)
{
	struct pipe *p = (struct pipe *)(void *)((char *)base - offset);

	cmio__lock(&p->lock);
	((struct pipe_op *)(void *)base)->in_flight = false;
	return p;
}

static bool
is_out_of_date(const struct pipe *p, const struct pipe_op *op)
{
	return p->closed || op->generation != p->generation;
}

static unsigned int CMIO_CALL
note_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = over(op, offsetof(struct pipe, note));

	(void)error;
	(void)bytes;
	return finish(p, token);
}

static void
connected(struct pipe *p, DWORD error)
{
	if (error == ERROR_OPERATION_ABORTED)
		return;
	if (error != ERROR_SUCCESS && error != ERROR_PIPE_CONNECTED &&
	    error != ERROR_NO_DATA) {
		p->connect_error = cmio__windows_error(error);
		p->peer = PEER_NONE;
		return;
	}
	p->peer = PEER_HERE;
	/* An end that cannot be written says so by its other direction. */
	if (p->directions == CMIO_READABLE)
		p->readable = true;
}

static unsigned int CMIO_CALL
connect_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = over(op, offsetof(struct pipe, connect));

	(void)bytes;
	if (!is_out_of_date(p, &p->connect))
		connected(p, error);
	else if (!p->closed)
		p->connect_error = cmio__pipe_connect(p);
	cmio__pipe_update(p);
	return finish(p, token);
}

/*
 * What was there may have been read since, or was a message of no bytes: ask
 * what is there now.
 */
static void
looked(struct pipe *p, DWORD error)
{
	int n;

	if (error == ERROR_OPERATION_ABORTED)
		return;
	n = cmio__pipe_available(p->reader);
	if (n > 0)
		p->readable = true;
	else if (n == -EPIPE || (error != ERROR_SUCCESS &&
	    error != ERROR_MORE_DATA))
		p->peer = PEER_GONE;
}

static unsigned int CMIO_CALL
look_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = over(op, offsetof(struct pipe, look));

	(void)bytes;
	if (!is_out_of_date(p, &p->look))
		looked(p, error);
	cmio__pipe_update(p);
	return finish(p, token);
}

static unsigned int CMIO_CALL
write_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = over(op, offsetof(struct pipe, write));
	bool end = cmio__pipe_is_end(error);

	(void)bytes;
	if (error != ERROR_SUCCESS && !is_out_of_date(p, &p->write)) {
		p->write_error = end ? -EPIPE : cmio__windows_error(error);
		if (end)
			p->peer = PEER_GONE;
	}
	cmio__pipe_update(p);
	return finish(p, token);
}

void
cmio__pipe_set_done(struct pipe *p)
{
	p->connect.base.done = connect_done;
	p->look.base.done = look_done;
	p->write.base.done = write_done;
	p->note.base.done = note_done;
}

int
cmio__pipe_watch(struct endpoint *endpoint, uintptr_t token,
    unsigned int interest)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	p->port = PORT_JOINED;
	p->watched = true;
	p->token = token;
	p->interest = interest;
	p->armed = interest & BOTH_DIRECTIONS;
	p->end_reported = p->readable = false;
	p->connect_error = cmio__pipe_connect(p);
	cmio__pipe_update(p);
	cmio__unlock(&p->lock);
	return 0;
}

void
cmio__pipe_unwatch(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	p->watched = false;
	p->base.poll = NULL;
	cmio__unlock(&p->lock);
}

void
cmio__pipe_rearm(struct endpoint *endpoint, unsigned int directions)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	if ((p->interest & CMIO_ONESHOT) == 0)
		p->armed |= directions & p->interest & BOTH_DIRECTIONS;
	if (directions & CMIO_READABLE)
		p->readable = false;
	cmio__pipe_update(p);
	cmio__unlock(&p->lock);
}
