/* SPDX-License-Identifier: MIT */
/* The questions of pollable_other.h if only the kind of file answers them. */
#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>

#include "selector/pollable_other.h"

int
cmio__pollable_other(int fd, mode_t mode)
{
	(void)fd;
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISBLK(mode) ? -EPERM : 0;
}

bool
cmio__pollable_shares(int fd, mode_t mode)
{
	(void)fd;
	return S_ISCHR(mode);
}
