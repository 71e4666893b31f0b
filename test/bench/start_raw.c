/* SPDX-License-Identifier: MIT */
/* The shortest program with epoll(7). */
#include <sys/epoll.h>

#include <unistd.h>

int
main(void)
{
	return close(epoll_create1(EPOLL_CLOEXEC)) != 0;
}
