/* SPDX-License-Identifier: MIT */
/* The count of descriptors.h as Windows keeps it, of handles of all kinds. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include "descriptors.h"

static DWORD WINAPI
nothing(void *arg)
{
	(void)arg;
	return 0;
}

/*
 * The first socket and the first thread open handles that Windows keeps.
 */
static void
warm_up(void)
{
	WSADATA data;
	HANDLE thread;

	WSAStartup(MAKEWORD(2, 2), &data);
	closesocket(socket(AF_INET, SOCK_STREAM, 0));
	thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);
	WaitForSingleObject(thread, INFINITE);
	CloseHandle(thread);
}

int
open_descriptors(void)
{
	static int warm;
	DWORD n = 0;

	if (!warm++)
		warm_up();
	GetProcessHandleCount(GetCurrentProcess(), &n);
	return (int)n;
}
