/* SPDX-License-Identifier: MIT */
/* Control messages of control.h as POSIX has them. */
#ifndef CMIO_PORT_CONTROL_POSIX_H
#define CMIO_PORT_CONTROL_POSIX_H

#include <sys/types.h>
#include <sys/socket.h>

#include <stdint.h>

#define control_header		cmsghdr
#define CONTROL_LEN(len)	CMSG_LEN(len)
#define CONTROL_SPACE(len)	CMSG_SPACE(len)

/* The size of the datagrams that a train is cut into. */
#define CONTROL_SEGMENT		uint16_t

#endif
