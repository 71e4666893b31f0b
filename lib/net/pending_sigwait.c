/* SPDX-License-Identifier: MIT */
/*
 * What net/pending.h says where there is no sigtimedwait(2): OpenBSD, macOS.
 * To send oneself the signal, so that sigwait(3) cannot wait, would report
 * every signal twice.
 */
#include "config.h"

#include <signal.h>

#include "net/pending.h"

bool
cmio__pending_take(int number)
{
	sigset_t one, pending;
	int taken;

	if (sigpending(&pending) == -1 || sigismember(&pending, number) != 1)
		return false;
	sigemptyset(&one);
	sigaddset(&one, number);
	return sigwait(&one, &taken) == 0;
}

bool
cmio__pending_is_queued(int number)
{
	(void)number;
	return false;
}
