/* SPDX-License-Identifier: MIT */
/*
 * A child process as a source, whatever makes its end readable.
 */
#include "config.h"

#include <errno.h>

#include "net/child.h"
#include "net/net.h"
#include "port/cancel.h"
#include "port/result.h"

/* In flags: its pid may be another process' by now. */
enum { REAPED = 0x01 };

int
cmio_child_open(struct cmio_child *child, pid_t pid)
{
	struct cmio_child made = { .source = CMIO_SOURCE(CMIO_FD_NONE) };
	int before, rc;

	if (child == NULL || pid < 1)
		return cmio__result(-EINVAL);
	made.pid = pid;
	before = cmio__cancel_off();
	rc = cmio__child_open(&made);
	cmio__cancel_restore(before);
	if (rc == 0)
		*child = made;
	return cmio__result(rc);
}

static int
wait_for(struct cmio_child *child, int *status)
{
	int before, rc;

	if (child->source.fd < 0)
		return -EBADF;
	if (child->flags & REAPED)
		return -ECHILD;
	before = cmio__cancel_off();
	rc = cmio__child_wait(child, status);
	cmio__cancel_restore(before);
	if (rc == 0 || rc == -ECHILD)
		child->flags |= REAPED;
	return rc;
}

int
cmio_child_wait(struct cmio_child *child, int *status)
{
	int rc, value;

	if (child == NULL)
		return cmio__result(-EINVAL);
	rc = wait_for(child, &value);
	if (rc == -EAGAIN)
		cmio__rearm(&child->source, CMIO_READABLE);
	if (rc == 0 && status != NULL)
		*status = value;
	return cmio__result(rc);
}
