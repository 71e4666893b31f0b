/* SPDX-License-Identifier: MIT */
/* The event of kqueue/user.h if the headers have no EVFILT_USER. */
#include "config.h"

#include <errno.h>

#include "selector/kqueue/user.h"

int
cmio__kq_user_on(int kq)
{
	(void)kq;
	return -EINVAL;
}

int
cmio__kq_user_off(int kq)
{
	(void)kq;
	return -EINVAL;
}

int
cmio__kq_user_wake(int kq)
{
	(void)kq;
	return -EINVAL;
}
