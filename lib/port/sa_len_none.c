/* SPDX-License-Identifier: MIT */
/* The length of sa_len.h where addresses do not have it. */
#include "config.h"

#include "port/sa_len.h"

void
cmio__set_sa_len(struct sockaddr_storage *ss, socklen_t len)
{
	(void)ss;
	(void)len;
}
