/* SPDX-License-Identifier: MIT */
/* Control messages of control.h as Winsock has them. */
#ifndef CMIO_PORT_CONTROL_WINDOWS_H
#define CMIO_PORT_CONTROL_WINDOWS_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>

#define control_header		_WSACMSGHDR
#define CONTROL_LEN(len)	WSA_CMSG_LEN(len)
#define CONTROL_SPACE(len)	WSA_CMSG_SPACE(len)

/* The size of the datagrams that a train is cut into. */
#define CONTROL_SEGMENT		DWORD

#endif
