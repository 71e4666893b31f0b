/* SPDX-License-Identifier: MIT */
/* The question of pollable_device.h where nobody knows: every device. */
#include "config.h"

#include "selector/pollable_device.h"

int
cmio__pollable_device(int fd)
{
	(void)fd;
	return 0;
}
