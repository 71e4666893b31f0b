/* SPDX-License-Identifier: MIT */
/* The child of net/child.h where no descriptor tells of its end. */
#include "config.h"

#include <errno.h>

#include "net/child.h"

int
cmio__child_open(struct cmio_child *child)
{
	(void)child;
	return -ENOTSUP;
}

int
cmio__child_wait(const struct cmio_child *child, int *status)
{
	(void)child;
	(void)status;
	return -ENOTSUP;
}
