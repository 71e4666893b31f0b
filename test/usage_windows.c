/* SPDX-License-Identifier: MIT */
/* The memory of usage.h as Windows counts it for one process alone. */
#include "config.h"

#define PSAPI_VERSION 2
#include <winsock2.h>
#include <windows.h>
#include <psapi.h>

#include "usage.h"

long
memory_used(void)
{
	PROCESS_MEMORY_COUNTERS counters = { .cb = sizeof(counters) };

	if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters,
	    sizeof(counters)))
		return 0;
	return (long)(counters.PagefileUsage / 1024);
}
