/* SPDX-License-Identifier: MIT */
/*
 * Named pipes: the public functions, and what is found out about a handle
 * when it becomes a source.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/named_pipe.h"
#include "port/error_windows.h"
#include "port/overlapped.h"
#include "port/result.h"

enum { NAME_MAX_CHARS = 512 };

/* What is to be known of a handle. */
struct facts {
	unsigned int	directions;
	bool		message;
	bool		server;
	size_t		room;		/* for one write */
};

/* What ObjectBasicInformation fills in. */
struct object_info {
	ULONG		attributes;
	ACCESS_MASK	access;
	ULONG		rest[12];
};
#define OBJECT_BASIC	((OBJECT_INFORMATION_CLASS)0)

/* The rights of the handle, as directions. */
static unsigned int
directions_of(HANDLE handle)
{
	struct object_info info;
	unsigned int directions = 0;

	if (NtQueryObject(handle, OBJECT_BASIC, &info, sizeof(info),
	    NULL) < 0)
		return BOTH_DIRECTIONS;
	if (info.access & FILE_READ_DATA)
		directions |= CMIO_READABLE;
	if (info.access & FILE_WRITE_DATA)
		directions |= CMIO_WRITABLE;
	return directions;
}

/*
 * A server's end that was made for writing alone may not be asked what it
 * is.  A pipe of bytes refuses the mode of one of messages; the mode is for
 * reading, so it changes nothing here.
 */
static int
learn_by_trying(HANDLE handle, struct facts *facts)
{
	DWORD mode = PIPE_READMODE_MESSAGE | PIPE_WAIT;

	if (GetFileType(handle) != FILE_TYPE_PIPE)
		return -EINVAL;
	facts->server = true;
	facts->message = SetNamedPipeHandleState(handle, &mode, NULL, NULL);
	facts->room = PIPE_QUOTA;
	return 0;
}

static int
learn(HANDLE handle, struct facts *facts)
{
	DWORD flags, out, in, most, error;

	if (GetNamedPipeInfo(handle, &flags, &out, &in, NULL)) {
		/* Which of the two is for writing depends on the end. */
		most = out > in ? out : in;
		facts->room = most > PIPE_QUOTA ? most : PIPE_QUOTA;
		facts->server = (flags & PIPE_SERVER_END) != 0;
		facts->message = (flags & PIPE_TYPE_MESSAGE) != 0;
		facts->directions = directions_of(handle);
		return facts->directions == 0 ? -EACCES : 0;
	}
	error = GetLastError();
	facts->directions = directions_of(handle);
	if (error != ERROR_ACCESS_DENIED ||
	    facts->directions != CMIO_WRITABLE)
		return cmio__windows_error(error);
	return learn_by_trying(handle, facts);
}

/*
 * Whether a server's end that cannot be read has a client: waiting for one
 * says so at once.  The low bit of the event keeps the packet from a port.
 */
static int
try_connect(HANDLE handle, HANDLE event, enum pipe_peer *peer)
{
	OVERLAPPED overlapped = { .hEvent = (HANDLE)((uintptr_t)event | 1) };
	DWORD n, error = ERROR_SUCCESS;

	*peer = PEER_HERE;
	if (!ConnectNamedPipe(handle, &overlapped))
		error = GetLastError();
	if (error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA)
		return 0;
	if (error != ERROR_IO_PENDING)
		return cmio__windows_error(error);
	CancelIoEx(handle, &overlapped);
	if (!GetOverlappedResult(handle, &overlapped, &n, TRUE))
		*peer = PEER_NONE;
	return 0;
}

/* A server's end may have its client already, and one that has gone. */
static int
find_peer(const struct pipe *p, bool server, enum pipe_peer *peer)
{
	int n;

	*peer = PEER_HERE;
	if (!server)
		return 0;
	if (p->reader == NULL)
		return try_connect(cmio__pipe_handle(p), p->event, peer);
	n = cmio__pipe_available(p->reader);
	if (n < 0 && n != -EPIPE)
		*peer = PEER_NONE;
	return 0;
}

int
cmio__pipe_adopt(struct cmio_source *source, HANDLE handle)
{
	struct facts facts = { 0 };
	struct pipe *p;
	int rc;

	rc = learn(handle, &facts);
	if (rc != 0)
		return rc;
	if (!cmio__is_overlapped(handle))
		return -EINVAL;
	p = cmio__pipe_new(facts.room);
	if (p == NULL)
		return -ENOMEM;
	p->base.handle = (cmio_fd)handle;
	p->directions = facts.directions;
	p->message = facts.message;
	if (facts.directions & CMIO_READABLE)
		p->reader = handle;
	rc = find_peer(p, facts.server, &p->peer);
	if (rc != 0) {
		p->base.handle = CMIO_FD_NONE;
		cmio__pipe_free(&p->base);
		return rc;
	}
	*source = (struct cmio_source){
		.fd = (cmio_fd)handle,
		.kind = KIND_PIPE | KIND_ENDPOINT,
		.state = p,
	};
	if (!facts.message)
		source->kind |= KIND_STREAM;
	return 0;
}

static int
adopt_or_close(struct cmio_source *source, HANDLE handle)
{
	int rc;

	if (handle == INVALID_HANDLE_VALUE)
		return cmio__last_error();
	rc = cmio__pipe_adopt(source, handle);
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
	    FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS,
	    PIPE_UNLIMITED_INSTANCES, PIPE_QUOTA, PIPE_QUOTA, 0, NULL)));
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
	return cmio__result(cmio__pipe_adopt(source, (HANDLE)handle));
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
	if (rc != 0 || cmio__pipe_has_peer(p))
		return rc;
	p->peer = PEER_WANTED;
	if ((p->interest & CMIO_ONESHOT) == 0)
		p->armed = p->interest & BOTH_DIRECTIONS;
	rc = cmio__pipe_connect(p);
	if (rc != 0)
		return rc;
	cmio__pipe_update(p);
	return p->peer == PEER_WANTED ? -EAGAIN : 0;
}

static int
disconnect(struct pipe *p)
{
	if (!DisconnectNamedPipe(cmio__pipe_handle(p)))
		return cmio__last_error();
	if (p->connect.in_flight)
		CancelIoEx(cmio__pipe_handle(p),
		    &p->connect.base.overlapped);
	p->generation++;
	p->peer = PEER_NONE;
	p->readable = p->end_reported = false;
	p->connect_error = p->write_error = 0;
	return 0;
}

/* An end that is gone has no more to take; one without a peer had none. */
static int
flush(struct pipe *p)
{
	int rc = p->write_error;

	p->write_error = 0;
	if (rc != 0)
		return rc;
	if (!p->write.in_flight)
		return 0;
	if ((p->interest & CMIO_ONESHOT) == 0)
		p->armed |= p->interest & CMIO_WRITABLE;
	return -EAGAIN;
}

static int
locked(const struct cmio_source *source, int (*function)(struct pipe *))
{
	struct pipe *p = source == NULL ? NULL :
	    (struct pipe *)cmio__endpoint(source);
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

int
cmio_named_pipe_flush(struct cmio_source *source)
{
	return locked(source, flush);
}
