/* SPDX-License-Identifier: MIT */
/*
 * Several threads with a poll each, and one listener.  Each poll watches its
 * own copy of the descriptor; CMIO_EXCLUSIVE asks the kernel to wake only one
 * of them for a connection.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum { THREADS = 4, CONNECTIONS = 20 };
enum { LISTENER, STOP };

struct worker {
	pthread_t		 thread;
	struct cmio_poll	*poll;
	struct cmio_source	 listener;
	struct cmio_waker	*stopper;
};

static struct worker workers[THREADS];
static atomic_int accepted;

/* EAGAIN also says that another thread was faster. */
static void
accept_all(struct worker *worker)
{
	struct cmio_source stream;

	for (;;) {
		if (cmio_accept(&worker->listener, &stream, NULL) == 0) {
			cmio_close(&stream);
			accepted++;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

static void *
run(void *arg)
{
	struct worker *worker = arg;
	struct cmio_event events[16];
	bool stopped = false;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(worker->poll, events, 16, -1);
		for (i = 0; i < n; i++)
			if (events[i].token == STOP)
				stopped = true;
			else
				accept_all(worker);
	}
	return NULL;
}

static void
start(struct worker *worker, int listener)
{
	worker->poll = cmio_poll_new(NULL);
	cmio_source_init(&worker->listener, dup(listener));
	if (worker->poll == NULL || cmio_register(worker->poll,
	    &worker->listener, LISTENER, CMIO_READABLE | CMIO_EXCLUSIVE) == -1)
		err(1, "cmio_register");
	worker->stopper = cmio_waker_new(worker->poll, STOP);
	if (worker->stopper == NULL ||
	    pthread_create(&worker->thread, NULL, run, worker) != 0)
		errx(1, "no thread");
}

static void
stop(struct worker *worker)
{
	cmio_waker_wake(worker->stopper);
	pthread_join(worker->thread, NULL);
	cmio_waker_free(worker->stopper);
	cmio_close(&worker->listener);
	cmio_poll_unref(worker->poll);
}

int
main(void)
{
	struct cmio_source listener, clients[CONNECTIONS];
	struct cmio_addr addr;
	char byte;
	int i;

	if (cmio_addr_parse(&addr, "127.0.0.1:0") == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1)
		err(1, "127.0.0.1");
	for (i = 0; i < THREADS; i++)
		start(&workers[i], listener.fd);
	for (i = 0; i < CONNECTIONS; i++) {
		if (cmio_tcp_connect(&clients[i], &addr) == -1)
			err(1, "connect");
		/* Here alone a socket blocks: until the server closes. */
		cmio_set_nonblocking(&clients[i], 0);
		cmio_read(&clients[i], &byte, 1);
		cmio_close(&clients[i]);
	}
	for (i = 0; i < THREADS; i++)
		stop(&workers[i]);
	cmio_close(&listener);
	printf("%d accepted\n", accepted);
	return accepted != CONNECTIONS;
}
