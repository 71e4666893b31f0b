/* SPDX-License-Identifier: MIT */
/* The shortest program with libev. */
#include <stddef.h>

#include <ev.h>

int
main(void)
{
	ev_loop_destroy(ev_loop_new(EVBACKEND_EPOLL));
	return 0;
}
