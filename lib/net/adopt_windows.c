/* SPDX-License-Identifier: MIT */
/* Handles that come from elsewhere: sockets, and ends of named pipes. */
#include "config.h"

#include <winsock2.h>
#include <windows.h>

#include <errno.h>

#include "net/named_pipe.h"
#include "port/error_windows.h"
#include "port/find_kind.h"
#include "port/flags.h"
#include "port/result.h"
#include "port/winsock.h"

/* Each socket of a source keeps Winsock started. */
static int
adopt_socket(struct cmio_source *source, cmio_fd fd)
{
	unsigned int kind;
	int rc;

	rc = cmio__winsock_start();
	if (rc != 0)
		return rc;
	rc = cmio__find_kind(fd, &kind);
	if (rc == 0)
		rc = cmio__set_flags(fd);
	if (rc != 0) {
		cmio__winsock_stop();
		return rc;
	}
	*source = (struct cmio_source){ .fd = fd, .kind = kind };
	return 0;
}

int
cmio_adopt(struct cmio_source *source, cmio_fd fd)
{
	int rc;

	if (source == NULL)
		return cmio__result(-EINVAL);
	rc = adopt_socket(source, fd);
	if (rc == -ENOTSOCK || rc == -EBADF)
		rc = GetFileType((HANDLE)fd) == FILE_TYPE_PIPE ?
		    cmio__pipe_adopt(source, (HANDLE)fd) : rc;
	return cmio__result(rc == -ENOTSOCK ? -EPERM : rc);
}
