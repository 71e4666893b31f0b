/* SPDX-License-Identifier: MIT */
/* Files and directories cannot be waited for; some devices cannot. */
#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>

#include "selector/pollable.h"
#include "selector/pollable_device.h"

int
cmio__pollable(int fd, struct pollable *pollable)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return -errno;
	if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode))
		return -EPERM;
	*pollable = (struct pollable){
		.what = S_ISFIFO(st.st_mode) ? POLLABLE_PIPE : POLLABLE_OTHER,
		.dev = st.st_dev,
		.ino = st.st_ino,
	};
	return S_ISCHR(st.st_mode) ? cmio__pollable_device(fd) : 0;
}
