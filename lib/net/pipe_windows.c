/* SPDX-License-Identifier: MIT */
/*
 * cmio_pipe() on Windows, where the anonymous pipes of the system cannot be
 * waited for: a named pipe of one instance, for this machine alone.
 *
 * Its name can be listed.  If somebody else has made it, or has connected to
 * it before we do, another name is tried.  Who has the one connection is thus
 * the other end.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>
#include <stdint.h>

#include "net/named_pipe.h"
#include "port/error_windows.h"
#include "port/result.h"
#include "port/text.h"

enum { NAME_SIZE = 100, TRIES = 100 };

enum {
	READ_ALONE = FILE_GENERIC_READ | FILE_WRITE_ATTRIBUTES,
	WRITE_ALONE = FILE_GENERIC_WRITE | FILE_READ_ATTRIBUTES
};

/* A name of this process and of this moment. */
static void
make_name(char name[NAME_SIZE], unsigned int try)
{
	struct text text = TEXT_TO(name, NAME_SIZE);
	LARGE_INTEGER now;

	QueryPerformanceCounter(&now);
	cmio__text_add(&text, "\\\\.\\pipe\\cmio.");
	cmio__text_add_number(&text, GetCurrentProcessId(), 10);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, GetCurrentThreadId(), 10);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, now.LowPart, 16);
	cmio__text_add(&text, ".");
	cmio__text_add_number(&text, try, 10);
	cmio__text_end(&text);
}

static int
open_ends(const char *name, HANDLE ends[2])
{
	int rc;

	ends[0] = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX |
	    FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
	    PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_QUOTA,
	    PIPE_QUOTA, 0, NULL);
	if (ends[0] == INVALID_HANDLE_VALUE)
		return cmio__last_error();
	ends[1] = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL,
	    OPEN_EXISTING, FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT |
	    SECURITY_IDENTIFICATION, NULL);
	if (ends[1] == INVALID_HANDLE_VALUE)
		rc = cmio__last_error();
	else if (cmio__pipe_available(ends[0]) == 0)
		return 0;
	else {		/* Wine 8: another's instance of the name took it. */
		rc = -EBUSY;
		CloseHandle(ends[1]);
	}
	CloseHandle(ends[0]);
	return rc;
}

static int
connect_ends(HANDLE ends[2])
{
	char name[NAME_SIZE];
	unsigned int try = 0;
	int rc;

	do {
		make_name(name, try);
		rc = open_ends(name, ends);
	} while ((rc == -EBUSY || rc == -EACCES) && ++try < TRIES);
	return rc;
}

/* The same end, by a handle with fewer rights. */
static int
restrict_rights(HANDLE end, DWORD rights, HANDLE *out)
{
	HANDLE self = GetCurrentProcess();

	return DuplicateHandle(self, end, self, out, rights, FALSE, 0) ? 0 :
	    cmio__last_error();
}

/*
 * The end to write keeps a handle that may read, for one thing: that is how
 * it learns that the other end was closed.
 */
static int
adopt_writer(struct cmio_source *writer, HANDLE end)
{
	HANDLE handle;
	int rc;

	rc = restrict_rights(end, WRITE_ALONE, &handle);
	if (rc != 0)
		return rc;
	rc = cmio__pipe_adopt(writer, handle);
	if (rc != 0) {
		CloseHandle(handle);
		return rc;
	}
	((struct pipe *)writer->state)->reader = end;
	return 0;
}

static int
adopt_reader(struct cmio_source *reader, HANDLE end)
{
	HANDLE handle;
	int rc;

	rc = restrict_rights(end, READ_ALONE, &handle);
	if (rc != 0)
		return rc;
	rc = cmio__pipe_adopt(reader, handle);
	if (rc != 0)
		CloseHandle(handle);
	else
		CloseHandle(end);
	return rc;
}

static int
make_sources(HANDLE ends[2], struct cmio_source *reader,
    struct cmio_source *writer)
{
	int rc;

	rc = adopt_writer(writer, ends[1]);
	if (rc != 0) {
		CloseHandle(ends[1]);
		CloseHandle(ends[0]);
		return rc;
	}
	rc = adopt_reader(reader, ends[0]);
	if (rc != 0) {
		CloseHandle(ends[0]);
		cmio_close(writer);
	}
	return rc;
}

int
cmio_pipe(struct cmio_source *reader, struct cmio_source *writer)
{
	struct cmio_source made[2];
	HANDLE ends[2] = { NULL, NULL };
	int rc;

	if (reader == NULL || writer == NULL)
		return cmio__result(-EINVAL);
	rc = connect_ends(ends);
	if (rc == 0)
		rc = make_sources(ends, &made[0], &made[1]);
	if (rc == 0) {
		*reader = made[0];
		*writer = made[1];
	}
	return cmio__result(rc);
}
