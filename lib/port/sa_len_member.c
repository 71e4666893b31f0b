/* SPDX-License-Identifier: MIT */
/* sa_len.h for systems whose addresses have a length field. */
#include "config.h"

#include "port/sa_len.h"

void
cmio__set_sa_len(struct sockaddr_storage *ss, socklen_t len)
{
	ss->ss_len = (unsigned char)len;
}
