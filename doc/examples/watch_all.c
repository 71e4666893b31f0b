/* SPDX-License-Identifier: MIT */
/*
 * watch_all: stdin, a child, two signals, a timer and a thread in one loop.
 * It ends at SIGINT, SIGTERM or the end of its input.
 *
 * Only the input is level-triggered: of a terminal one read may not be enough.
 * The timer is the wait's timeout: cmio-recipes(7) has one for many timers.
 */
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>
#include <cmio/waker.h>

enum { INPUT, CHILD, SIGNALS, THREAD, SECOND = 1000000000 };

static struct cmio_waker *waker;

static void *
work(void *arg)
{
	return cmio_waker_wake(arg) == -1 ? arg : NULL;
}

int
main(void)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);
	struct cmio_event event = { .token = INPUT };
	struct cmio_child child = { .pid = fork() };
	struct cmio_signals signals;
	struct cmio_source input;
	pthread_t thread;
	sigset_t set;
	char buf[512];
	int n, length = 1;

	if (child.pid == 0)
		_exit(7);
	if ((waker = cmio_waker_new(poll, THREAD)) == NULL ||
	    sigemptyset(&set) || sigaddset(&set, SIGINT) ||
	    sigaddset(&set, SIGTERM) || sigprocmask(SIG_BLOCK, &set, NULL) ||
	    cmio_signals_open(&signals, &set) || cmio_adopt(&input, 0) ||
	    cmio_child_open(&child, child.pid) ||
	    cmio_register(poll, &input, INPUT, CMIO_READABLE | CMIO_LEVEL) ||
	    cmio_register(poll, &signals.source, SIGNALS, CMIO_READABLE) ||
	    cmio_register(poll, &child.source, CHILD, CMIO_READABLE) ||
	    pthread_create(&thread, NULL, work, waker))
		err(1, "watch_all");
	while (event.token != SIGNALS && length != 0) {
		if (cmio_poll_wait(poll, &event, 1, SECOND) < 1)
			dprintf(1, "a second without anything\n");
		else if (event.token == THREAD)
			dprintf(1, "the thread\n");
		else if (event.token == CHILD && !cmio_child_wait(&child, &n))
			dprintf(1, "the child: status %#x\n", (unsigned)n);
		else if (event.token == INPUT &&
		    (length = (int)cmio_read(&input, buf, sizeof(buf))) > 0)
			dprintf(1, "input: %d bytes\n", length);
	}
	/* -1 at the end of the input. */
	dprintf(1, "the end, signal %d\n", cmio_signals_take(&signals));
	return pthread_join(thread, NULL) || cmio_set_nonblocking(&input, 0);
}
