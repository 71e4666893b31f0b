/* SPDX-License-Identifier: MIT */
/*
 * As much of the headers of Visual C++ as cmio's public headers use, so that
 * a compiler for its ABI can read these where they are not installed.
 */
#ifndef TEST_MSVC_WINSOCK2_H
#define TEST_MSVC_WINSOCK2_H

#include <stddef.h>
#include <stdint.h>

typedef uintptr_t SOCKET;
typedef void *HANDLE;
typedef struct _OVERLAPPED {
	uintptr_t	Internal;
	uintptr_t	InternalHigh;
	void		*Pointer;
	HANDLE		 hEvent;
} OVERLAPPED;

#define SD_RECEIVE	0
#define SD_SEND		1
#define SD_BOTH		2

struct in_addr {
	uint32_t	s_addr;
};
struct sockaddr_storage {
	short		ss_family;
	char		ss_pad1[6];
	int64_t		ss_align;
	char		ss_pad2[112];
};

#endif
