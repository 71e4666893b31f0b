/* SPDX-License-Identifier: MIT */
/*
 * The life of a named pipe's end: see the second state in named_pipe.h.
 *
 * Its memory outlives the source until no operation is in flight.  What was
 * written gets to the peer also if the source, the poll or both have gone.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "net/named_pipe.h"

/* Closes a reader that is not the source's handle. */
static void
close_reader(struct pipe *p)
{
	if (p->reader != NULL && p->reader != cmio__pipe_handle(p))
		CloseHandle(p->reader);
	p->reader = NULL;
}

void
cmio__pipe_free(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;

	if (p->base.handle != CMIO_FD_NONE)
		CloseHandle(cmio__pipe_handle(p));
	CloseHandle(p->event);
	CloseHandle(p->written);
	cmio__lock_destroy(&p->lock);
	free(p->buffer);
	free(p);
}

static void
cancel_waiting(struct pipe *p)
{
	if (p->connect.in_flight)
		CancelIoEx(cmio__pipe_handle(p),
		    &p->connect.base.overlapped);
	if (p->look.in_flight)
		CancelIoEx(p->reader, &p->look.base.overlapped);
}

/*
 * A handle of our own, so that what is being written goes on when the
 * source's is closed.
 */
static HANDLE
keep_writing(const struct pipe *p)
{
	HANDLE own;

	if (!p->write.in_flight || !DuplicateHandle(GetCurrentProcess(),
	    cmio__pipe_handle(p), GetCurrentProcess(), &own, 0, FALSE,
	    DUPLICATE_SAME_ACCESS))
		return INVALID_HANDLE_VALUE;
	return own;
}

/*
 * If nothing is in flight, a packet is sent after the last, as the selector
 * still knows the pipe.
 */
static void
pipe_release(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	HANDLE own;
	bool over;

	cmio__lock(&p->lock);
	p->closed = true;
	cancel_waiting(p);
	own = keep_writing(p);
	close_reader(p);
	p->base.handle = (cmio_fd)own;
	if (!cmio__pipe_in_flight(p))
		cmio__pipe_note(p);
	over = !cmio__pipe_in_flight(p) &&
	    (p->port == PORT_NONE || p->port == PORT_GONE);
	cmio__unlock(&p->lock);
	if (over)
		cmio__pipe_free(&p->base);
}

static void
pipe_leave(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	p->port = PORT_LEAVING;
	cancel_waiting(p);
	cmio__unlock(&p->lock);
}

static bool
is_pending(const struct pipe_op *op)
{
	return op->in_flight && !HasOverlappedIoCompleted(&op->base.overlapped);
}

static bool
pipe_is_busy(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	bool busy;

	cmio__lock(&p->lock);
	busy = is_pending(&p->connect) || is_pending(&p->look);
	cmio__unlock(&p->lock);
	return busy;
}

/* A write has ended, and there is no port for its packet. */
static void CALLBACK
outlived(PTP_CALLBACK_INSTANCE instance, void *arg, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct pipe *p = arg;
	bool closed;

	(void)result;
	FreeLibraryWhenCallbackReturns(instance, p->module);
	CloseThreadpoolWait(wait);
	cmio__lock(&p->lock);
	p->write.in_flight = false;
	closed = p->closed;
	cmio__unlock(&p->lock);
	if (closed)
		cmio__pipe_free(&p->base);
}

/*
 * Has a thread of the system's see the write's end.  The library stays loaded
 * until then.
 */
static bool
outlive(struct pipe *p)
{
	if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
	    (LPCWSTR)(uintptr_t)outlived, &p->module))
		return false;
	p->wait = CreateThreadpoolWait(outlived, p, NULL);
	if (p->wait == NULL) {
		FreeLibrary(p->module);
		return false;
	}
	SetThreadpoolWait(p->wait, p->written, NULL);
	return true;
}

/* For want of such a thread: what has not been written is lost. */
static void
end_write(struct pipe *p)
{
	DWORD n;

	CancelIoEx(cmio__pipe_handle(p), &p->write.base.overlapped);
	GetOverlappedResult(cmio__pipe_handle(p), &p->write.base.overlapped,
	    &n, TRUE);
	p->write.in_flight = false;
}

/* Whether the write has ended, with or without its packet. */
static bool
has_written(const struct pipe *p)
{
	return WaitForSingleObject(p->written, 0) == WAIT_OBJECT_0;
}

/* No packet comes any more. */
static void
pipe_part(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	bool over;

	cmio__lock(&p->lock);
	p->port = PORT_GONE;
	p->connect.in_flight = p->look.in_flight = p->note.in_flight = false;
	if (p->write.in_flight && has_written(p))
		p->write.in_flight = false;
	if (p->write.in_flight && !outlive(p))
		end_write(p);
	over = p->closed && !p->write.in_flight;
	cmio__unlock(&p->lock);
	if (over)
		cmio__pipe_free(&p->base);
}

static const struct endpoint_ops pipe_ops = {
	.watch = cmio__pipe_watch,
	.unwatch = cmio__pipe_unwatch,
	.rearm = cmio__pipe_rearm,
	.readv = cmio__pipe_readv,
	.writev = cmio__pipe_writev,
	.release = pipe_release,
	.leave = pipe_leave,
	.is_busy = pipe_is_busy,
	.part = pipe_part,
	.free = cmio__pipe_free,
};

/* All that reading and writing take: neither allocates. */
static int
acquire(struct pipe *p, size_t room)
{
	p->buffer = malloc(room);
	if (p->buffer == NULL)
		return -ENOMEM;
	p->event = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (p->event == NULL)
		goto no_event;
	p->written = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (p->written == NULL)
		goto no_written;
	p->room = room;
	return 0;

no_written:
	CloseHandle(p->event);
no_event:
	free(p->buffer);
	return -ENOMEM;
}

struct pipe *
cmio__pipe_new(size_t room)
{
	struct pipe *p;

	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	if (acquire(p, room) != 0) {
		free(p);
		return NULL;
	}
	cmio__lock_init(&p->lock);
	p->base.ops = &pipe_ops;
	p->base.handle = CMIO_FD_NONE;
	p->base.port = CMIO_FD_NONE;
	cmio__pipe_set_done(p);
	return p;
}
