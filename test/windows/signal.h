/* SPDX-License-Identifier: MIT */
/* See posix.h.  There are no such signals: tests of them are skipped. */
#pragma GCC system_header
#include_next <signal.h>
#include "posix.h"

#ifndef TEST_WINDOWS_SIGNAL_H
#define TEST_WINDOWS_SIGNAL_H

#define SIGUSR1		30
#define SA_RESTART	1

struct sigaction {
	void	(*sa_handler)(int);
	int	sa_flags;
};

static inline int
sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	(void)signal;
	(void)action;
	(void)old;
	errno = ENOSYS;
	return -1;
}

#endif
