/* SPDX-License-Identifier: MIT */
/* The wait of epoll/ns.h by epoll_pwait2(2), of Linux 5.11. */
#include "config.h"

#include <sys/epoll.h>

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "port/clock.h"
#include "selector/epoll/ns.h"

int
cmio__epoll_wait_ns(int epfd, struct epoll_event *events, int nevents,
    int64_t timeout)
{
	const struct timespec ts = cmio__timespec(timeout);

	return epoll_pwait2(epfd, events, nevents, &ts, NULL);
}
