/* SPDX-License-Identifier: MIT */
/* What net/pending.h says, by sigtimedwait(2): FreeBSD, NetBSD. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "net/pending.h"

bool
cmio__pending_take(int number)
{
	const struct timespec now = { .tv_sec = 0 };
	sigset_t one;
	int taken;

	sigemptyset(&one);
	sigaddset(&one, number);
	do
		taken = sigtimedwait(&one, NULL, &now);
	while (taken == -1 && errno == EINTR);
	return taken == number;
}

bool
cmio__pending_is_queued(int number)
{
	return number >= SIGRTMIN && number <= SIGRTMAX;
}
