/* SPDX-License-Identifier: MIT */
/* See winsock2.h. */
#ifndef TEST_MSVC_WS2TCPIP_H
#define TEST_MSVC_WS2TCPIP_H

typedef int socklen_t;
struct in6_addr {
	unsigned char	s6_addr[16];
};

#endif
