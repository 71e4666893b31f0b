/* SPDX-License-Identifier: MIT */
/*
 * Signals as a source, whatever makes them readable.  The program blocks
 * them; no mask and no handler is changed here.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>

#include "net/net.h"
#include "net/signals.h"
#include "port/result.h"

/*
 * SIGKILL and SIGSTOP cannot be blocked.  A fault's signal goes to the thread
 * that made it, which cannot go on while it is blocked.  FreeBSD stops the
 * process when a stop signal is taken by sigtimedwait(2).
 */
static bool
can_be_taken(int number)
{
	switch (number) {
	case SIGKILL:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
		return false;
	default:
		return true;
	}
}

static bool
is_fit(const sigset_t *set)
{
	bool any = false;
	int number;

	for (number = 1; number <= CMIO_SIGNAL_MAX; number++) {
		if (sigismember(set, number) != 1)
			continue;
		if (!can_be_taken(number))
			return false;
		any = true;
	}
	return any;
}

int
cmio_signals_open(struct cmio_signals *signals, const sigset_t *set)
{
	struct cmio_signals made = { .source = CMIO_SOURCE(CMIO_FD_NONE) };
	int rc;

	if (signals == NULL || set == NULL || !is_fit(set))
		return cmio__result(-EINVAL);
	made.set = *set;
	rc = cmio__signals_open(&made);
	if (rc == 0)
		*signals = made;
	return cmio__result(rc);
}

int
cmio_signals_take(struct cmio_signals *signals)
{
	int rc;

	if (signals == NULL)
		return cmio__result(-EINVAL);
	rc = cmio__signals_take(signals);
	if (rc == -EAGAIN)
		cmio__rearm(&signals->source, CMIO_READABLE);
	return cmio__result(rc);
}
