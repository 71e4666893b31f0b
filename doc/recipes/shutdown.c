/* SPDX-License-Identifier: MIT */
/*
 * Graceful shutdown: after SIGTERM the server accepts no more connections,
 * closes those that are idle, and gives the others some time to end.
 *
 * A child process is its clients here: one that is idle, and one that has
 * sent half of its request when it sends the signal.
 */
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum { MAX_CLIENTS = 16, PATIENCE = 5 };	/* seconds */
enum { LISTENER = MAX_CLIENTS, STOP };

struct client {
	struct cmio_source	source;
	size_t			len;
	char			request[256];	/* a line; the answer, too */
};

static struct cmio_poll *set;
static struct cmio_source listener;
static struct client clients[MAX_CLIENTS];
static struct cmio_waker *stopper;
static bool stopping;

static void
on_signal(int number)
{
	int saved = errno;

	(void)number;
	cmio_waker_wake(stopper);
	errno = saved;
}

static bool
is_used(const struct client *client)
{
	return client->source.fd != CMIO_FD_NONE;
}

static void
answer(struct client *client)
{
	cmio_write(&client->source, client->request, client->len);
	client->len = 0;
	if (stopping)			/* it is idle now */
		cmio_close(&client->source);
}

static void
serve(struct client *client)
{
	ssize_t n;

	while (is_used(client)) {
		n = cmio_read(&client->source, client->request + client->len,
		    sizeof(client->request) - client->len);
		if (n == -1 && errno == EAGAIN)
			return;
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			cmio_close(&client->source);
			return;
		}
		client->len += (size_t)n;
		if (client->request[client->len - 1] == '\n' ||
		    client->len == sizeof(client->request))
			answer(client);
	}
}

static void
accept_all(void)
{
	struct cmio_source stream;
	int i;

	while (cmio_accept(&listener, &stream, NULL) == 0) {
		for (i = 0; i < MAX_CLIENTS && is_used(&clients[i]); i++)
			continue;
		if (i == MAX_CLIENTS || cmio_register(set, &stream,
		    (uintptr_t)i, CMIO_READABLE) == -1)
			cmio_close(&stream);
		else
			clients[i] = (struct client){ .source = stream };
	}
}

static void
begin_to_stop(void)
{
	int i;

	stopping = true;
	cmio_close(&listener);
	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_used(&clients[i]) && clients[i].len == 0)
			cmio_close(&clients[i].source);
}

static void
handle(const struct cmio_event *event)
{
	if (event->token == STOP)
		begin_to_stop();
	else if (event->token == LISTENER && !stopping)
		accept_all();
	else if (event->token < MAX_CLIENTS)
		serve(&clients[event->token]);
}

static int
busy(void)
{
	int i, count = 0;

	for (i = 0; i < MAX_CLIENTS; i++)
		count += is_used(&clients[i]);
	return count;
}

static void
run(void)
{
	struct cmio_event events[16];
	time_t deadline = 0;
	int i, n;

	while (!stopping || (busy() > 0 && time(NULL) < deadline)) {
		n = cmio_poll_wait(set, events, 16,
		    stopping ? INT64_C(1000000000) : -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			handle(&events[i]);
		if (stopping && deadline == 0)
			deadline = time(NULL) + PATIENCE;
	}
	for (i = 0; i < MAX_CLIENTS; i++)
		if (is_used(&clients[i]))
			cmio_close(&clients[i].source);
}

/* Blocking sockets; returns the exit status. */
static int
be_clients(const struct cmio_addr *addr)
{
	const struct sockaddr *sa = (const struct sockaddr *)&addr->ss;
	int idle = socket(AF_INET, SOCK_STREAM, 0);
	int busy = socket(AF_INET, SOCK_STREAM, 0);
	char buf[64];

	if (connect(idle, sa, addr->len) == -1 ||
	    connect(busy, sa, addr->len) == -1 ||
	    write(idle, "first\n", 6) != 6 || read(idle, buf, 64) != 6 ||
	    write(busy, "last\n", 5) != 5 || read(busy, buf, 64) != 5 ||
	    write(busy, "half a", 6) != 6)
		return 1;
	usleep(10000);
	kill(getppid(), SIGTERM);
	if (read(idle, buf, 64) != 0)		/* closed at once */
		return 1;
	if (write(busy, " line\n", 6) != 6 || read(busy, buf, 64) != 12 ||
	    memcmp(buf, "half a line\n", 12) != 0)
		return 1;
	return read(busy, buf, 64) != 0;
}

int
main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct cmio_addr addr;
	int i, status;

	for (i = 0; i < MAX_CLIENTS; i++)
		cmio_source_init(&clients[i].source, CMIO_FD_NONE);
	set = cmio_poll_new(NULL);
	if (set == NULL || cmio_addr_parse(&addr, "127.0.0.1:0") == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1 ||
	    cmio_register(set, &listener, LISTENER, CMIO_READABLE) == -1)
		err(1, "127.0.0.1");
	stopper = cmio_waker_new(set, STOP);
	if (stopper == NULL)
		err(1, "cmio_waker_new");
	sigaction(SIGTERM, &action, NULL);
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		_exit(be_clients(&addr));
	}
	run();
	signal(SIGTERM, SIG_IGN);	/* before the waker is freed */
	cmio_waker_free(stopper);
	cmio_poll_unref(set);
	wait(&status);
	printf("stopped, clients %s\n", status == 0 ? "served" : "not served");
	return status != 0;
}
