/* SPDX-License-Identifier: MIT */
/*
 * Signals as events: no handler, and no limit to what the program may do when
 * a signal has come.  The program sends the signals to itself here.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>

enum { SIGNALS = 1 };

static struct cmio_signals signals;

/* Returns false if the program is to end. */
static bool
take_signals(void)
{
	int number;
	bool more = true;

	while ((number = cmio_signals_take(&signals)) != -1) {
		if (number == SIGHUP)
			printf("read the configuration again\n");
		else
			more = false;
	}
	if (errno != EAGAIN)
		err(1, "cmio_signals_take");
	return more;
}

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_poll *poll = cmio_poll_new(NULL);
	bool more = true;
	sigset_t set;
	int i, n;

	/* Before any thread is started: threads inherit the mask. */
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		err(1, "sigprocmask");
	if (poll == NULL || cmio_signals_open(&signals, &set) == -1 ||
	    cmio_register(poll, &signals.source, SIGNALS, CMIO_READABLE) == -1)
		err(1, "cmio_signals_open");
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGTERM);
	while (more) {
		n = cmio_poll_wait(poll, events, 16, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == SIGNALS)
				more = take_signals();
	}
	printf("end\n");
	cmio_close(&signals.source);
	cmio_poll_unref(poll);
	return 0;
}
