/* SPDX-License-Identifier: MIT */
/*
 * The event of kqueue/user.h.  The header may be newer than the kernel:
 * NetBSD before 10 says EINVAL.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "selector/kqueue/native.h"
#include "selector/kqueue/user.h"

static int
change(int kq, unsigned int flags, unsigned int fflags)
{
	struct kevent event;
	int before = errno, rc = 0;

	EV_SET(&event, KQ_WAKE, EVFILT_USER, flags, fflags, 0, 0);
	while (kevent(kq, &event, 1, NULL, 0, NULL) == -1)
		if (errno != EINTR) {
			rc = -errno;
			break;
		}
	errno = before;
	return rc;
}

int
cmio__kq_user_on(int kq)
{
	return change(kq, EV_ADD | EV_CLEAR, 0);
}

int
cmio__kq_user_off(int kq)
{
	return change(kq, EV_DELETE, 0);
}

int
cmio__kq_user_wake(int kq)
{
	return change(kq, 0, NOTE_TRIGGER);
}
