/* SPDX-License-Identifier: MIT */
/*
 * Windows' numbers for what went wrong as errno numbers.  Each of these
 * returns a negative one, -EIO where there is none of that meaning, and -EIO
 * also for a code that says nothing went wrong.
 */
#ifndef CMIO_PORT_ERROR_WINDOWS_H
#define CMIO_PORT_ERROR_WINDOWS_H

#include <winsock2.h>
#include <windows.h>

#include "port/api.h"

/* What GetLastError() or WSAGetLastError() returned. */
int	cmio__windows_error(DWORD code);

/* What a function of ntdll returned. */
int	cmio__nt_error(LONG status);

/* The two sources of a code, asked at once. */
int	cmio__last_error(void);
int	cmio__last_socket_error(void);

/* The latter for a call on this socket: EBADF where it is no handle. */
int	cmio__socket_error(cmio_fd fd);

#endif
