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
cmio__pollable_file(int fd, struct pollable *file)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -errno;
	*file = (struct pollable){
		.what = what(st.st_mode),
		.mode = st.st_mode,
		.dev = st.st_dev,
		.ino = st.st_ino,
	};
	return 0;
}

int
cmio__pollable(int fd, struct pollable *file)
{
	struct pollable found;
	int rc;

	rc = cmio__pollable_file(fd, &found);
	if (rc == 0)
		rc = cmio__pollable_other(fd, found.mode);
	if (rc == 0)
		*file = found;
	return rc;
}

bool
cmio__pollable_still(int fd, const struct pollable *file)
{
	struct pollable now;
	int rc;

	rc = cmio__pollable_file(fd, &now);
	return rc == 0 ? cmio__pollable_same(&now, file) : rc != -EBADF;
}

bool
cmio__pollable_surely(int fd, const struct pollable *now,
    const struct pollable *file)
{
	return cmio__pollable_same(now, file) &&
	    !cmio__pollable_shares(fd, now->mode);
}
