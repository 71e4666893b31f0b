/* SPDX-License-Identifier: MIT */
/* sa_len.h for systems whose addresses have no length field. */
#include "config.h"

#include "port/sa_len.h"

void
cmio__set_sa_len(struct sockaddr_storage *ss, socklen_t len)
{
	(void)ss;
	(void)len;
}
