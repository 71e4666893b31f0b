/* SPDX-License-Identifier: MIT */
/*
 * close(2) that is no cancellation point: a thread that is cancelled there may
 * leave the descriptor open, with nobody who knows it.
 */
#ifndef CMIO_PORT_CLOSE_H
#define CMIO_PORT_CLOSE_H

#include <unistd.h>

#include "port/cancel.h"

static inline int
cmio__close_fd(int fd)
{
	int before = cmio__cancel_off(), rc;

	rc = close(fd);
	cmio__cancel_restore(before);
	return rc;
}

#endif
