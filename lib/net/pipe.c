/* SPDX-License-Identifier: MIT */
/* Pipes. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "port/pipe.h"
#include "port/result.h"

int
cmio_pipe(struct cmio_source *reader, struct cmio_source *writer)
{
	int fds[2], rc;

	if (reader == NULL || writer == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__pipe(fds);
	if (rc != 0)
		return cmio__result(rc);
	cmio__made(reader, fds[0], KIND_PIPE | KIND_STREAM, 0);
	return cmio__made(writer, fds[1], KIND_PIPE | KIND_STREAM, 0);
}
