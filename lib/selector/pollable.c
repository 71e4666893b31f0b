/* SPDX-License-Identifier: MIT */
/* Which file a descriptor is, and whether it is one to wait for. */
#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>

#include "selector/pollable.h"
#include "selector/pollable_other.h"

static int
what(mode_t mode)
{
	if (S_ISFIFO(mode))
		return POLLABLE_PIPE;
	return S_ISSOCK(mode) ? POLLABLE_SOCKET : POLLABLE_OTHER;
}

int
cmio__pollable(int fd, struct pollable *pollable)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -errno;
	*pollable = (struct pollable){
		.what = what(st.st_mode),
		.dev = st.st_dev,
		.ino = st.st_ino,
	};
	if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))
		return 0;
	return cmio__pollable_other(fd, st.st_mode);
}

bool
cmio__pollable_still(int fd, const struct pollable *pollable)
{
	struct pollable now;
	struct stat st;

	if (fstat(fd, &st) == -1)
		return errno != EBADF;
	now = (struct pollable){ .dev = st.st_dev, .ino = st.st_ino };
	return cmio__pollable_same(&now, pollable);
}
