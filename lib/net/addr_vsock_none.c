/* SPDX-License-Identifier: MIT */
/* What net/addr.h says of AF_VSOCK where there is no such family. */
#include "config.h"

#include <errno.h>

#include "net/addr.h"

int
cmio__parse_vsock(struct cmio_addr *addr, const char *text)
{
	(void)addr;
	(void)text;
	return -ENOTSUP;
}

int
cmio__format_vsock(struct text *text, const struct cmio_addr *addr)
{
	(void)text;
	(void)addr;
	return -EAFNOSUPPORT;
}
