/* SPDX-License-Identifier: MIT */
/* The clock of clock.h by the performance counter, which nobody sets. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <stdint.h>

#include "port/clock.h"

/* Neither call fails on anything newer than Windows 2000. */
int64_t
cmio__now(void)
{
	LARGE_INTEGER count, rate;
	int64_t sec, rest;

	QueryPerformanceFrequency(&rate);
	QueryPerformanceCounter(&count);
	sec = count.QuadPart / rate.QuadPart;
	rest = count.QuadPart % rate.QuadPart;
	return sec * NSEC_PER_SEC + rest * NSEC_PER_SEC / rate.QuadPart;
}
