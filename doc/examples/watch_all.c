/* SPDX-License-Identifier: MIT */
/*
 * watch_all: stdin, a child, two signals, a timer and a thread in one loop.
 * It ends at SIGINT, SIGTERM or the end of its input.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>
#include <cmio/waker.h>

enum { INPUT = 1, CHILD, SIGNALS, THREAD };

static void *
work(void *waker)
{
	cmio_waker_wake(waker);
	return NULL;
}

int
main(void)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);
	struct cmio_waker *waker = cmio_waker_new(poll, THREAD);
	struct cmio_event event = { .token = 0 };
	struct cmio_source input;
	struct cmio_signals signals;
	struct cmio_child child;
	pthread_t thread;
	char buf[512];
	sigset_t set;
	pid_t pid;
	int n, status, more = 1;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if ((pid = fork()) == 0)
		_exit(7);
	if (waker == NULL || cmio_adopt(&input, STDIN_FILENO) == -1 ||
	    cmio_signals_open(&signals, &set) == -1 ||
	    cmio_child_open(&child, pid) == -1 ||
	    cmio_register(poll, &input, INPUT, CMIO_READABLE) == -1 ||
	    cmio_register(poll, &signals.source, SIGNALS,
	    CMIO_READABLE) == -1 ||
	    cmio_register(poll, &child.source, CHILD, CMIO_READABLE) == -1 ||
	    pthread_create(&thread, NULL, work, waker) != 0)
		err(1, "watch_all");
	while (more) {
		n = cmio_poll_wait(poll, &event, 1, 1000000000);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		if (n == 0)
			puts("a second without anything");
		else if (n == 1 && event.token == THREAD)
			puts("the thread");
		else if (n == 1 && event.token == CHILD &&
		    cmio_child_wait(&child, &status) == 0)
			printf("the child: status %#x\n", (unsigned int)status);
		else if (n == 1 && event.token == SIGNALS)
			while ((n = cmio_signals_take(&signals)) != -1)
				more = !printf("signal %d\n", n);
		else if (n == 1 && event.token == INPUT)
			while ((n = (int)cmio_read(&input, buf,
			    sizeof(buf))) != -1 && (more = n > 0))
				printf("input: %d bytes\n", n);
		fflush(stdout);
	}
	pthread_join(thread, NULL);
	cmio_set_nonblocking(&input, 0);
	return 0;
}
