/* SPDX-License-Identifier: MIT */
/*
 * How a handle was opened.  Without FILE_FLAG_OVERLAPPED its operations
 * block, and no completion port takes it.
 */
#ifndef CMIO_PORT_OVERLAPPED_H
#define CMIO_PORT_OVERLAPPED_H

#include <winsock2.h>
#include <windows.h>

#include <stdbool.h>

/* Also of what is no file: the kernel will say so. */
bool	cmio__is_overlapped(HANDLE handle);

#endif
