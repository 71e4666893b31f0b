/* SPDX-License-Identifier: MIT */
/* Descriptors that come from elsewhere. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "port/find_kind.h"
#include "port/flags.h"
#include "port/nosigpipe.h"
#include "port/result.h"

int
cmio_adopt(struct cmio_source *source, cmio_fd fd)
{
	unsigned int kind;
	int rc;

	if (source == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__find_kind(fd, &kind);
	if (rc == 0)
		rc = cmio__set_flags(fd);
	if (rc != 0)
		return cmio__result(rc);
	if (kind & KIND_SOCKET)
		cmio__nosigpipe(fd);
	*source = (struct cmio_source){ .fd = fd, .kind = kind };
	return 0;
}
