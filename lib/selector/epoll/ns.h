/* SPDX-License-Identifier: MIT */
/*
 * epoll_wait(2) with a timeout in nanoseconds.
 */
#ifndef CMIO_EPOLL_NS_H
#define CMIO_EPOLL_NS_H

#include <sys/epoll.h>

#include <stdint.h>

/* As the system call; ENOSYS where this system has none. */
int	cmio__epoll_wait_ns(int epfd, struct epoll_event *events, int nevents,
	    int64_t timeout);

#endif
