/* SPDX-License-Identifier: MIT */
/* The question of find_kind.h by fstat(2). */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>

#include "port/find_kind.h"
#include "port/kind.h"

static int
find_socket(int fd, unsigned int *kind)
{
	int type = 0;
	socklen_t len = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == -1)
		return -errno;
	*kind = KIND_SOCKET;
	if (type == SOCK_STREAM)
		*kind |= KIND_STREAM;
	return 0;
}

int
cmio__find_kind(int fd, unsigned int *kind)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -errno;
	if (S_ISSOCK(st.st_mode))
		return find_socket(fd, kind);
	*kind = S_ISFIFO(st.st_mode) ? KIND_PIPE | KIND_STREAM : KIND_OTHER;
	return 0;
}
