/* SPDX-License-Identifier: MIT */
/* The mode of a handle, by the one function of ntdll that has it. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdbool.h>

#include "port/overlapped.h"

/* Not in every header. */
#define MODE	((FILE_INFORMATION_CLASS)16)
enum {
	SYNCHRONOUS = FILE_SYNCHRONOUS_IO_ALERT |
	    FILE_SYNCHRONOUS_IO_NONALERT
};

bool
cmio__is_overlapped(HANDLE handle)
{
	IO_STATUS_BLOCK iosb;
	ULONG mode;

	return NtQueryInformationFile(handle, &iosb, &mode, sizeof(mode),
	    MODE) != 0 || (mode & SYNCHRONOUS) == 0;
}
