/* SPDX-License-Identifier: MIT */
/* Starting and stopping Winsock 2.2, which every Windows since 98 has. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include "port/error_windows.h"
#include "port/winsock.h"

int
cmio__winsock_start(void)
{
	WSADATA data;
	int error;

	error = WSAStartup(MAKEWORD(2, 2), &data);
	return error == 0 ? 0 : cmio__windows_error((DWORD)error);
}

/* Leaves alone the error of the call before. */
void
cmio__winsock_stop(void)
{
	int error = WSAGetLastError();

	WSACleanup();
	WSASetLastError(error);
}
