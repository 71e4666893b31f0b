/* SPDX-License-Identifier: MIT */
/*
 * Named pipes: readiness made of overlapped operations.
 *
 * Readable is what a read of no bytes has ended for: it takes nothing out of
 * the pipe, so there is no data here to lose, to mix up after a disconnect,
 * or to cut where a message is longer than some buffer.  Then a read takes
 * straight what is there.  Writing is to a buffer of the pipe's own, and
 * there is room again when the kernel has taken that.  What was written gets
 * there, also where the source or the poll is gone meanwhile.
 *
 * A packet of the completion port says only that something may have changed;
 * what is reported is the state that it finds.  The pipe's memory outlives
 * the source until the last packet has come (see port/endpoint.h).
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "port/api_windows.h"
#include "port/endpoint.h"
#include "port/error_windows.h"
#include "port/lock.h"
#include "port/overlapped.h"
#include "port/result.h"
#include "port/text.h"

enum {
	QUOTA = 65536,			/* what the kernel keeps each way */
	BUFFER_SIZE = QUOTA,
	NAME_MAX_CHARS = 512
};

struct pipe {
	struct endpoint		base;
	struct lock		lock;	/* for all that follows */

	/* In flight while the flag of the same name is set. */
	struct cmio_overlapped	connect;
	struct cmio_overlapped	look;	/* the read of no bytes */
	struct cmio_overlapped	write;
	struct cmio_overlapped	note;	/* a packet that was posted */
	bool			connecting;
	bool			looking;
	bool			writing;
	bool			noted;
	bool			left;	/* the port has gone, or is going */
	bool			parted;	/* and knows of the pipe no more */
	HANDLE			wait;	/* for a write that outlives it */

	/* Those begun before a disconnect mean nothing any more. */
	unsigned int		generation;
	unsigned int		connect_generation;
	unsigned int		look_generation;
	unsigned int		write_generation;

	bool			message;	/* it keeps messages apart */
	bool			wanted;		/* a client is waited for */
	bool			connected;
	bool			readable;	/* since the last EAGAIN */
	bool			broken;		/* the peer has gone */
	bool			told;		/* and that was reported */
	bool			closed;		/* no source has it */
	int			connect_error;	/* negative errno numbers */
	int			write_error;

	bool			watched;
	uintptr_t		token;
	unsigned int		interest;	/* and triggers */
	unsigned int		armed;

	HANDLE			event;		/* of reads that must end */
	HANDLE			written;	/* set when a write ends */
	char			*buffer;	/* what is written from */
	size_t			room;
};

enum { PIPE_DIRECTIONS = CMIO_READABLE | CMIO_WRITABLE };

static HANDLE
handle_of(const struct pipe *p)
{
	return (HANDLE)p->base.handle;
}

static unsigned int
in_flight(const struct pipe *p)
{
	return (unsigned int)p->connecting + p->looking + p->writing +
	    p->noted;
}

/* Has a packet come that finds the state as it is. */
static void
note(struct pipe *p)
{
	if (p->noted || p->base.port == CMIO_FD_NONE)
		return;
	p->noted = PostQueuedCompletionStatus((HANDLE)p->base.port, 0,
	    cmio__endpoint_key(&p->base), &p->note.overlapped);
}

static bool
says_broken(DWORD error)
{
	return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA ||
	    error == ERROR_PIPE_NOT_CONNECTED;
}

/* How many bytes can be read now, or a negative errno number. */
static int
available(struct pipe *p)
{
	DWORD n, error;

	if (PeekNamedPipe(handle_of(p), NULL, 0, NULL, &n, NULL))
		return n < INT32_MAX ? (int)n : INT32_MAX;
	error = GetLastError();
	return says_broken(error) ? -EPIPE : cmio__windows_error(error);
}

/*
 * Begins to wait for data where that is to be reported.  A packet comes
 * unless the operation fails at once; a warning is no failure.
 */
static void
look(struct pipe *p)
{
	DWORD error = ERROR_SUCCESS;
	char nothing;

	if (!p->watched || !p->connected || p->broken || p->looking ||
	    p->readable)
		return;
	/* Who does not read is told at least when the peer has gone. */
	if (p->interest & ~p->armed & CMIO_READABLE)
		return;
	memset(&p->look.overlapped, 0, sizeof(p->look.overlapped));
	p->looking = true;
	p->look_generation = p->generation;
	if (!ReadFile(handle_of(p), &nothing, 0, NULL, &p->look.overlapped))
		error = GetLastError();
	if (error == ERROR_SUCCESS || error == ERROR_IO_PENDING ||
	    error == ERROR_MORE_DATA)
		return;
	p->looking = false;
	p->broken = true;
}

static unsigned int
ready_now(const struct pipe *p)
{
	unsigned int ready = 0;

	if (p->readable)
		ready |= CMIO_READABLE;
	if (p->connected && !p->writing)
		ready |= CMIO_WRITABLE;
	if (p->broken)
		ready |= PIPE_DIRECTIONS | CMIO_READ_CLOSED |
		    CMIO_WRITE_CLOSED;
	if (p->connect_error != 0 || p->write_error != 0)
		ready |= PIPE_DIRECTIONS | CMIO_ERROR;
	return ready;
}

/* Whether there is something that was not reported yet. */
static bool
has_news(const struct pipe *p)
{
	return p->watched && ((ready_now(p) & p->armed) != 0 ||
	    (p->broken && !p->told));
}

static void
update(struct pipe *p)
{
	look(p);
	if (has_news(p))
		note(p);
}

static int
begin_connect(struct pipe *p)
{
	DWORD error = ERROR_IO_PENDING;

	if (!p->wanted || p->connecting || p->base.port == CMIO_FD_NONE)
		return 0;
	memset(&p->connect.overlapped, 0, sizeof(p->connect.overlapped));
	p->connecting = true;
	p->connect_generation = p->generation;
	if (!ConnectNamedPipe(handle_of(p), &p->connect.overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		return 0;
	p->connecting = p->wanted = false;
	/* One that has come and gone has left what it wrote. */
	if (error != ERROR_PIPE_CONNECTED && error != ERROR_NO_DATA)
		return cmio__windows_error(error);
	p->connected = true;
	return 0;
}

/* What a packet reports. */
static unsigned int
report(struct pipe *p, uintptr_t *token)
{
	unsigned int ready = ready_now(p);

	if (!has_news(p))
		return 0;
	ready &= ~(unsigned int)PIPE_DIRECTIONS | p->interest;
	p->told = p->broken;
	if (p->interest & CMIO_ONESHOT)
		p->armed = 0;
	else if (p->interest & CMIO_LEVEL) {
		/* Both are found out anew, for the next wait. */
		p->readable = false;
		update(p);
	} else
		p->armed &= ~ready;
	*token = p->token;
	return ready;
}

static void
pipe_free(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;

	if (p->base.handle != CMIO_FD_NONE)
		CloseHandle(handle_of(p));
	CloseHandle(p->event);
	CloseHandle(p->written);
	cmio__lock_destroy(&p->lock);
	free(p->buffer);
	free(p);
}

/* Ends what a packet has begun, and unlocks. */
static unsigned int
end(struct pipe *p, uintptr_t *token)
{
	unsigned int ready = p->left ? 1 : report(p, token);

	if (!p->left && p->closed && in_flight(p) == 0) {
		*token = (uintptr_t)&p->base;
		ready = ENDPOINT_FINISHED;
	}
	cmio__unlock(&p->lock);
	return ready;
}

static struct pipe *
pipe_of(struct cmio_overlapped *op, size_t offset)
{
	return (struct pipe *)(void *)((char *)op - offset);
}

static unsigned int
note_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = pipe_of(op, offsetof(struct pipe, note));

	(void)error;
	(void)bytes;
	cmio__lock(&p->lock);
	p->noted = false;
	return end(p, token);
}

static unsigned int
connect_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = pipe_of(op, offsetof(struct pipe, connect));

	(void)bytes;
	cmio__lock(&p->lock);
	p->connecting = false;
	if (p->connect_generation != p->generation && !p->closed)
		p->connect_error = begin_connect(p);
	else if (error == ERROR_SUCCESS || error == ERROR_PIPE_CONNECTED ||
	    error == ERROR_NO_DATA) {
		p->connected = true;
		p->wanted = false;
	} else if (error != ERROR_OPERATION_ABORTED) {
		p->connect_error = cmio__windows_error(error);
		p->wanted = false;
	}
	update(p);
	return end(p, token);
}

/*
 * What was there may have been read since, or was a message of no bytes; a
 * look ahead tells.
 */
static void
looked(struct pipe *p, DWORD error)
{
	int n;

	if (error == ERROR_OPERATION_ABORTED)
		return;
	n = available(p);
	if (n > 0)
		p->readable = true;
	else if (n == -EPIPE || (error != ERROR_SUCCESS &&
	    error != ERROR_MORE_DATA))
		p->broken = true;
}

static unsigned int
look_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = pipe_of(op, offsetof(struct pipe, look));

	(void)bytes;
	cmio__lock(&p->lock);
	p->looking = false;
	if (p->look_generation == p->generation && !p->closed)
		looked(p, error);
	update(p);
	return end(p, token);
}

/* A poll that is going does not wait for it. */
static unsigned int
write_done(struct cmio_overlapped *op, unsigned long error,
    unsigned long bytes, uintptr_t *token)
{
	struct pipe *p = pipe_of(op, offsetof(struct pipe, write));
	unsigned int ready;
	bool left;

	(void)bytes;
	cmio__lock(&p->lock);
	left = p->left;
	p->writing = false;
	if (p->write_generation == p->generation && error != ERROR_SUCCESS) {
		p->broken = p->broken || says_broken(error);
		p->write_error = says_broken(error) ? -EPIPE :
		    cmio__windows_error(error);
	}
	update(p);
	ready = end(p, token);
	return left ? 0 : ready;
}

static int
pipe_watch(struct endpoint *endpoint, uintptr_t token, unsigned int interest)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	p->watched = true;
	p->token = token;
	p->interest = interest;
	p->armed = interest & PIPE_DIRECTIONS;
	p->told = p->readable = false;
	p->connect_error = begin_connect(p);
	update(p);
	cmio__unlock(&p->lock);
	return 0;
}

static void
pipe_unwatch(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	p->watched = false;
	p->base.poll = NULL;
	cmio__unlock(&p->lock);
}

static void
pipe_rearm(struct endpoint *endpoint, unsigned int directions)
{
	struct pipe *p = (struct pipe *)endpoint;

	cmio__lock(&p->lock);
	if ((p->interest & CMIO_ONESHOT) == 0)
		p->armed |= directions & p->interest & PIPE_DIRECTIONS;
	if (directions & CMIO_READABLE)
		p->readable = false;
	update(p);
	cmio__unlock(&p->lock);
}

/* What an operation says where nobody is at the other end. */
static int
not_connected(const struct pipe *p)
{
	return p->wanted ? -EAGAIN : -ENOTCONN;
}

/*
 * Reads what is there already.  Should another have taken that, the read is
 * called off: the event keeps its packet from the port.
 */
static int
read_now(struct pipe *p, void *buf, size_t len, bool *more)
{
	OVERLAPPED overlapped = { .hEvent = (HANDLE)((uintptr_t)p->event | 1) };
	DWORD n, error = ERROR_SUCCESS;

	if (len > INT32_MAX)
		len = INT32_MAX;
	if (!ReadFile(handle_of(p), buf, (DWORD)len, NULL, &overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		CancelIoEx(handle_of(p), &overlapped);
	else if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA)
		return says_broken(error) ? 0 : cmio__windows_error(error);
	error = ERROR_SUCCESS;
	if (!GetOverlappedResult(handle_of(p), &overlapped, &n, TRUE))
		error = GetLastError();
	*more = error == ERROR_MORE_DATA;
	if (error == ERROR_SUCCESS || error == ERROR_MORE_DATA)
		return (int)n;
	if (error == ERROR_OPERATION_ABORTED)
		return -EAGAIN;
	return says_broken(error) ? 0 : cmio__windows_error(error);
}

/* A vector is filled from one message, or from all the bytes there are. */
static ssize_t
read_vector(struct pipe *p, const struct iovec *iov, int iovcnt, int left)
{
	ssize_t total = 0;
	bool more = true;
	int i, n;

	for (i = 0; i < iovcnt && left > 0 && more; i++) {
		if (iov[i].iov_len == 0)
			continue;
		n = read_now(p, iov[i].iov_base, iov[i].iov_len, &more);
		if (n < 0)
			return total > 0 ? total : n;
		total += n;
		left -= n;
		if ((size_t)n < iov[i].iov_len)
			break;
		more = more || !p->message;
	}
	return total;
}

static ssize_t
pipe_readv(struct endpoint *endpoint, const struct iovec *iov, int iovcnt)
{
	struct pipe *p = (struct pipe *)endpoint;
	ssize_t rc;
	int n;

	cmio__lock(&p->lock);
	n = p->connected ? available(p) : not_connected(p);
	if (n > 0)
		rc = read_vector(p, iov, iovcnt, n);
	else if (n == -EPIPE)
		rc = 0;
	else
		rc = n == 0 ? -EAGAIN : n;
	cmio__unlock(&p->lock);
	return rc;
}

static size_t
length(const struct iovec *iov, int iovcnt)
{
	size_t total = 0;
	int i;

	for (i = 0; i < iovcnt; i++) {
		if (iov[i].iov_len > INT32_MAX - total)
			return INT32_MAX;
		total += iov[i].iov_len;
	}
	return total;
}

/* Returns how many bytes fit. */
static size_t
gather(struct pipe *p, const struct iovec *iov, int iovcnt)
{
	size_t at = 0, n;
	int i;

	for (i = 0; i < iovcnt && at < p->room; i++) {
		n = iov[i].iov_len;
		if (n == 0)
			continue;
		if (n > p->room - at)
			n = p->room - at;
		memcpy(p->buffer + at, iov[i].iov_base, n);
		at += n;
	}
	return at;
}

static int
write_buffer(struct pipe *p, size_t n)
{
	DWORD error = ERROR_IO_PENDING;

	memset(&p->write.overlapped, 0, sizeof(p->write.overlapped));
	p->write.overlapped.hEvent = p->written;
	p->writing = true;
	p->write_generation = p->generation;
	if (!WriteFile(handle_of(p), p->buffer, (DWORD)n, NULL,
	    &p->write.overlapped))
		error = GetLastError();
	if (error == ERROR_IO_PENDING)
		return (int)n;
	p->writing = false;
	if (!says_broken(error))
		return cmio__windows_error(error);
	p->broken = true;
	return -EPIPE;
}

/* The lock is held. */
static int
write_vector(struct pipe *p, const struct iovec *iov, int iovcnt)
{
	size_t len = length(iov, iovcnt);
	int rc = p->write_error;

	p->write_error = 0;
	if (rc != 0)
		return rc;
	if (!p->connected)
		return not_connected(p);
	/* Without a port nobody would tell of the end. */
	if (p->writing || p->base.port == CMIO_FD_NONE)
		return -EAGAIN;
	if (len == 0 && !p->message)
		return 0;
	/* A message is written as one; of bytes, as many as fit. */
	if (len > p->room && p->message)
		return -EMSGSIZE;
	return write_buffer(p, gather(p, iov, iovcnt));
}

static ssize_t
pipe_writev(struct endpoint *endpoint, const struct iovec *iov, int iovcnt)
{
	struct pipe *p = (struct pipe *)endpoint;
	int rc;

	cmio__lock(&p->lock);
	rc = write_vector(p, iov, iovcnt);
	cmio__unlock(&p->lock);
	return rc;
}

/* Whether no selector knows of it: none ever did, or it has gone. */
static bool
is_alone(const struct pipe *p)
{
	return p->parted || (p->base.port == CMIO_FD_NONE && !p->left);
}

/*
 * What is being written goes on, by a handle of our own.  Where nothing is
 * in flight, a packet is sent after the last, as the selector still knows
 * the pipe.
 */
static void
pipe_release(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	HANDLE own = INVALID_HANDLE_VALUE;
	bool alone;

	cmio__lock(&p->lock);
	p->closed = true;
	if (p->connecting)
		CancelIoEx(handle_of(p), &p->connect.overlapped);
	if (p->looking)
		CancelIoEx(handle_of(p), &p->look.overlapped);
	if (p->writing && !DuplicateHandle(GetCurrentProcess(), handle_of(p),
	    GetCurrentProcess(), &own, 0, FALSE, DUPLICATE_SAME_ACCESS))
		own = INVALID_HANDLE_VALUE;
	p->base.handle = (cmio_fd)own;
	if (in_flight(p) == 0)
		note(p);
	alone = in_flight(p) == 0 && is_alone(p);
	cmio__unlock(&p->lock);
	if (alone)
		pipe_free(&p->base);
}

static unsigned int
pipe_leave(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	unsigned int n;

	cmio__lock(&p->lock);
	p->left = true;
	p->base.port = CMIO_FD_NONE;
	if (p->connecting)
		CancelIoEx(handle_of(p), &p->connect.overlapped);
	if (p->looking)
		CancelIoEx(handle_of(p), &p->look.overlapped);
	n = in_flight(p) - p->writing;
	cmio__unlock(&p->lock);
	return n;
}

/* A write has ended that no packet tells of. */
static void CALLBACK
outlived(void *arg, BOOLEAN timed_out)
{
	struct pipe *p = arg;
	bool over;

	(void)timed_out;
	cmio__lock(&p->lock);
	p->writing = false;
	over = p->closed;
	UnregisterWait(p->wait);
	cmio__unlock(&p->lock);
	if (over)
		pipe_free(&p->base);
}

/* Has a thread of the system's see the write's end, or ends it now. */
static void
outlive(struct pipe *p)
{
	DWORD n;

	if (RegisterWaitForSingleObject(&p->wait, p->written, outlived, p,
	    INFINITE, WT_EXECUTEONLYONCE))
		return;
	CancelIoEx(handle_of(p), &p->write.overlapped);
	GetOverlappedResult(handle_of(p), &p->write.overlapped, &n, TRUE);
	p->writing = false;
}

static void
pipe_part(struct endpoint *endpoint)
{
	struct pipe *p = (struct pipe *)endpoint;
	bool over;

	cmio__lock(&p->lock);
	p->parted = true;
	if (p->writing)
		outlive(p);
	over = p->closed && in_flight(p) == 0;
	cmio__unlock(&p->lock);
	if (over)
		pipe_free(&p->base);
}

static const struct endpoint_ops pipe_ops = {
	.watch = pipe_watch,
	.unwatch = pipe_unwatch,
	.rearm = pipe_rearm,
	.readv = pipe_readv,
	.writev = pipe_writev,
	.release = pipe_release,
	.leave = pipe_leave,
	.part = pipe_part,
	.free = pipe_free,
};

/* What it takes to read and write, all of it: neither allocates. */
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

static struct pipe *
pipe_new(size_t room)
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
	p->base.port = CMIO_FD_NONE;
	p->connect.done = connect_done;
	p->look.done = look_done;
	p->write.done = write_done;
	p->note.done = note_done;
	return p;
}

/* A server's end may have its client already, and one that has gone. */
static bool
is_connected(struct pipe *p, DWORD flags)
{
	int n;

	if ((flags & PIPE_SERVER_END) == 0)
		return true;
	n = available(p);
	return n >= 0 || n == -EPIPE;
}

/* Which of the two is ours to write to depends on the end. */
static size_t
room_for(DWORD out, DWORD in)
{
	DWORD most = out > in ? out : in;

	return most > BUFFER_SIZE ? most : BUFFER_SIZE;
}

/* The handle is the source's on success alone. */
static int
adopt(struct cmio_source *source, HANDLE handle)
{
	struct pipe *p;
	DWORD flags, out, in;

	if (!GetNamedPipeInfo(handle, &flags, &out, &in, NULL))
		return cmio__last_error();
	if (!cmio__is_overlapped(handle))
		return -EINVAL;
	p = pipe_new(room_for(out, in));
	if (p == NULL)
		return -ENOMEM;
	p->base.handle = (cmio_fd)handle;
	p->message = (flags & PIPE_TYPE_MESSAGE) != 0;
	p->connected = is_connected(p, flags);
	*source = (struct cmio_source){
		.fd = (cmio_fd)handle,
		.kind = KIND_PIPE | KIND_ENDPOINT,
		.state = p,
	};
	return 0;
}

static int
adopt_or_close(struct cmio_source *source, HANDLE handle)
{
	int rc;

	if (handle == INVALID_HANDLE_VALUE)
		return cmio__last_error();
	rc = adopt(source, handle);
	if (rc != 0)
		CloseHandle(handle);
	return rc;
}

static int
to_wide(const char *name, WCHAR wide[NAME_MAX_CHARS])
{
	DWORD error;

	if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, name, -1, wide,
	    NAME_MAX_CHARS) != 0)
		return 0;
	error = GetLastError();
	return error == ERROR_INSUFFICIENT_BUFFER ? -ENAMETOOLONG :
	    cmio__windows_error(error);
}

int
cmio_named_pipe_listen(struct cmio_source *source, const char *name)
{
	WCHAR wide[NAME_MAX_CHARS];
	int rc;

	if (source == NULL || name == NULL)
		return cmio__result(-EINVAL);
	rc = to_wide(name, wide);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__result(adopt_or_close(source, CreateNamedPipeW(wide,
	    PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE |
	    FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES,
	    QUOTA, QUOTA, 0, NULL)));
}

/* The server may find out who we are, and not act as us. */
int
cmio_named_pipe_open(struct cmio_source *source, const char *name)
{
	WCHAR wide[NAME_MAX_CHARS];
	int rc;

	if (source == NULL || name == NULL)
		return cmio__result(-EINVAL);
	rc = to_wide(name, wide);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__result(adopt_or_close(source, CreateFileW(wide,
	    GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
	    FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT |
	    SECURITY_IDENTIFICATION, NULL)));
}

int
cmio_named_pipe_from_handle(struct cmio_source *source, cmio_fd handle)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	if (handle == CMIO_FD_NONE)
		return cmio__result(-EBADF);
	return cmio__result(adopt(source, (HANDLE)handle));
}

static struct pipe *
pipe_of_source(const struct cmio_source *source)
{
	return source == NULL ? NULL :
	    (struct pipe *)cmio__endpoint(source);
}

/*
 * Of a pipe that is not registered yet, it is remembered that a client is
 * wanted.
 */
static int
accept_client(struct pipe *p)
{
	int rc = p->connect_error;

	p->connect_error = 0;
	if (rc != 0 || p->connected)
		return rc;
	p->wanted = true;
	if ((p->interest & CMIO_ONESHOT) == 0)
		p->armed = p->interest & PIPE_DIRECTIONS;
	rc = begin_connect(p);
	if (rc != 0)
		return rc;
	update(p);
	return p->connected ? 0 : -EAGAIN;
}

static int
disconnect(struct pipe *p)
{
	if (!DisconnectNamedPipe(handle_of(p)))
		return cmio__last_error();
	if (p->connecting)
		CancelIoEx(handle_of(p), &p->connect.overlapped);
	p->generation++;
	p->wanted = p->connected = p->readable = p->broken = p->told = false;
	p->connect_error = p->write_error = 0;
	return 0;
}

static int
locked(const struct cmio_source *source, int (*function)(struct pipe *))
{
	struct pipe *p = pipe_of_source(source);
	int rc;

	if (p == NULL)
		return cmio__result(-EINVAL);
	cmio__lock(&p->lock);
	rc = function(p);
	cmio__unlock(&p->lock);
	return cmio__result(rc);
}

int
cmio_named_pipe_accept(struct cmio_source *source)
{
	return locked(source, accept_client);
}

int
cmio_named_pipe_disconnect(struct cmio_source *source)
{
	return locked(source, disconnect);
}

/* A name that nobody else has: of this process, and of this moment. */
static void
make_name(char *buf, size_t size, const void *unique)
{
	struct text text = TEXT_TO(buf, size);
	LARGE_INTEGER now;

	QueryPerformanceCounter(&now);
	cmio__text_add(&text, "\\\\.\\pipe\\cmio.");
	cmio__text_add_number(&text, GetCurrentProcessId(), 10);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, GetCurrentThreadId(), 10);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, now.LowPart, 16);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, (unsigned long)(uintptr_t)unique, 16);
	cmio__text_end(&text);
}

int
cmio_pipe(struct cmio_source *reader, struct cmio_source *writer)
{
	struct cmio_source end_to_read;
	struct pipe *p;
	char name[100];
	int error;

	if (reader == NULL || writer == NULL)
		return cmio__result(-EINVAL);
	make_name(name, sizeof(name), reader);
	if (cmio_named_pipe_listen(&end_to_read, name) == -1)
		return -1;
	if (cmio_named_pipe_open(writer, name) == -1) {
		error = errno;
		cmio_close(&end_to_read);
		errno = error;
		return -1;
	}
	p = pipe_of_source(&end_to_read);
	p->connected = true;
	*reader = end_to_read;
	return 0;
}
