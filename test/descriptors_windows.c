/* SPDX-License-Identifier: MIT */
/*
 * The count of descriptors.h: all handles of the kinds that cmio opens, which
 * are files (sockets, pipes and devices) and completion ports.  Windows and its
 * runtime open others at any time.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdlib.h>

#include <cmio.h>

#include "descriptors.h"

/* What NtQuerySystemInformation() fills in, and its number. */
#define ALL_HANDLES	((SYSTEM_INFORMATION_CLASS)64)
#define TOO_SMALL	((LONG)0xc0000004)

struct entry {
	void		*object;
	ULONG_PTR	 process;
	ULONG_PTR	 handle;
	ULONG		 access;
	USHORT		 trace;
	USHORT		 type;
	ULONG		 rest[2];
};

struct all_handles {
	ULONG_PTR	count;
	ULONG_PTR	reserved;
	struct entry	entries[];
};

static DWORD WINAPI
nothing(void *arg)
{
	(void)arg;
	return 0;
}

/*
 * The first socket, the first thread and the first poll open handles that
 * Windows keeps.
 */
static void
warm_up(void)
{
	struct cmio_event event;
	struct cmio_poll *poll;
	WSADATA data;
	HANDLE thread;

	WSAStartup(MAKEWORD(2, 2), &data);
	closesocket(socket(AF_INET, SOCK_STREAM, 0));
	thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);
	WaitForSingleObject(thread, INFINITE);
	CloseHandle(thread);
	poll = cmio_poll_new(NULL);
	cmio_poll_wait(poll, &event, 1, 1);
	cmio_poll_unref(poll);
}

static const struct all_handles *
all_handles(void)
{
	static struct all_handles *all;
	static ULONG size = 1 << 16;

	if (all == NULL)
		all = malloc(size);
	while (all != NULL && NtQuerySystemInformation(ALL_HANDLES, all, size,
	    NULL) == TOO_SMALL) {
		free(all);
		all = malloc(size *= 2);
	}
	return all;
}

/* The number of a handle's kind, which differs from system to system. */
static int
kind_of(HANDLE handle)
{
	const struct all_handles *all = all_handles();
	ULONG_PTR i;

	for (i = 0; all != NULL && i < all->count; i++)
		if (all->entries[i].process == GetCurrentProcessId() &&
		    all->entries[i].handle == (ULONG_PTR)handle)
			return all->entries[i].type;
	return -1;
}

int
open_descriptors(void)
{
	static int file = -1, port = -1;
	const struct all_handles *all;
	const struct entry *entry;
	HANDLE handle;
	int n = 0;

	if (port == -1) {
		warm_up();
		handle = CreateFileA("NUL", 0, 0, NULL, OPEN_EXISTING, 0,
		    NULL);
		file = kind_of(handle);
		CloseHandle(handle);
		handle = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0,
		    0);
		port = kind_of(handle);
		CloseHandle(handle);
	}
	all = all_handles();
	for (entry = all->entries; entry < all->entries + all->count; entry++)
		n += entry->process == GetCurrentProcessId() &&
		    (entry->type == file || entry->type == port);
	return n;
}
