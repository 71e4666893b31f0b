/* SPDX-License-Identifier: MIT */
/* The count of descriptors.h as Windows keeps it, of handles of all kinds. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdlib.h>

#include <cmio.h>

#include "descriptors.h"

/* What NtQuerySystemInformation() fills in, and its number. */
#define ALL_HANDLES ((SYSTEM_INFORMATION_CLASS)64)

struct all_handles {
	ULONG_PTR	count;
	ULONG_PTR	reserved;
	struct {
		void		*object;
		ULONG_PTR	 process;
		ULONG_PTR	 handle;
		ULONG		 rest[4];
	}		entries[];
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

/* Wine 8 does not count, but can tell all there are. */
static int
count_entries(void)
{
	static struct all_handles *all;
	static ULONG size = 1 << 16;
	int n = 0;
	ULONG_PTR i;

	if (all == NULL)
		all = malloc(size);
	while (all != NULL && NtQuerySystemInformation(ALL_HANDLES, all, size,
	    NULL) == (LONG)0xc0000004) {
		size *= 2;
		free(all);
		all = malloc(size);
	}
	for (i = 0; all != NULL && i < all->count; i++)
		n += all->entries[i].process == GetCurrentProcessId();
	return n;
}

int
open_descriptors(void)
{
	static int warm;
	DWORD n = 0;

	if (!warm++)
		warm_up();
	GetProcessHandleCount(GetCurrentProcess(), &n);
	return n != 0 ? (int)n : count_entries();
}
