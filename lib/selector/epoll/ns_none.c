/* SPDX-License-Identifier: MIT */
/* The wait of epoll/ns.h where the C library has no epoll_pwait2(). */
#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdint.h>

#include "selector/epoll/ns.h"

int
cmio__epoll_wait_ns(int epfd, struct epoll_event *events, int nevents,
    int64_t timeout)
{
	(void)epfd;
	(void)events;
	(void)nevents;
	(void)timeout;
	errno = ENOSYS;
	return -1;
}
