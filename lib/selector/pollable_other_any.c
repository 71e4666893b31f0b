/* SPDX-License-Identifier: MIT */
/* The question of pollable_other.h where only the kind of file tells. */
#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>

#include "selector/pollable_other.h"

int
cmio__pollable_other(int fd, mode_t mode)
{
	(void)fd;
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISBLK(mode) ? -EPERM : 0;
}
