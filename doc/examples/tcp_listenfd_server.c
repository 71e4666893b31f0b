/* SPDX-License-Identifier: MIT */
/*
 * tcp_listenfd_server: inherits its listener, and sends each client a greeting.
 *
 * LISTEN_FDS is the number of inherited descriptors, from 3 on, and LISTEN_PID
 * the process that they are for (systemd's socket activation; systemfd and
 * others do the same).  The program shows how a foreign descriptor becomes a
 * source, and how to close a connection so that the last bytes arrive.
 */
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum {
	FIRST_FD = 3,		/* defined by LISTEN_FDS */
	MAX_CLIENTS = 64,
	TURN = 64,		/* steps for one client */
	SOON = 100000000	/* nanoseconds */
};
enum { LISTENER = MAX_CLIENTS, STOP };	/* tokens; smaller: a client's index */

static const char greeting[] = "Hello from cmio, and goodbye.\n";

struct client {
	struct cmio_source	stream;
	size_t			sent;		/* of the greeting */
};

static struct cmio_poll *sources;
static struct cmio_source listener;
static struct client clients[MAX_CLIENTS];
static bool accept_later;
static struct cmio_waker *stopper;

/* cmio_waker_wake() is async-signal-safe. */
static void
on_signal(int number)
{
	int saved = errno;

	(void)number;
	cmio_waker_wake(stopper);
	errno = saved;
}

static void
on_signals(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* OpenBSD cannot say that a socket listens. */
static bool
listens(int fd)
{
	socklen_t len = sizeof(int);
	int yes = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == -1)
		return errno == ENOPROTOOPT;
	return yes != 0;
}

/* Whether the descriptor is for us, and a listening socket. */
static bool
was_handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");

	return pid != NULL && fds != NULL &&
	    strtol(pid, NULL, 10) == (long)getpid() &&
	    strtol(fds, NULL, 10) >= 1 && listens(FIRST_FD);
}

static void
take_listener(void)
{
	if (!was_handed_over())
		errx(1, "no listener was handed over; try it with "
		    "systemd-socket-activate --listen=127.0.0.1:13265");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	if (cmio_adopt(&listener, FIRST_FD) == -1)
		err(1, "cmio_adopt");
}

/*
 * One step: 1 go on, 0 wait for the next event, -1 the connection has ended.
 * If a socket is closed with unread data, the kernel resets the connection and
 * the greeting may be lost.  So shut down for writing, and read until the
 * client has closed too.
 */
static int
step(struct client *client)
{
	char waste[512];
	ssize_t n;

	if (client->sent < strlen(greeting)) {
		n = cmio_write(&client->stream, greeting + client->sent,
		    strlen(greeting) - client->sent);
		if (n != -1)
			client->sent += (size_t)n;	/* all, or a part */
		if (client->sent == strlen(greeting))
			cmio_shutdown(&client->stream, SHUT_WR);
	} else {
		n = cmio_read(&client->stream, waste, sizeof(waste));
		if (n == 0)
			return -1;
	}
	if (n != -1 || errno == EINTR)
		return 1;
	return errno == EAGAIN ? 0 : -1;
}

/* A client that sends without end is disconnected. */
static void
serve(struct client *client)
{
	int i, more = 1;

	if (client->stream.fd == CMIO_FD_NONE)
		return;
	for (i = 0; i < TURN && more == 1; i++)
		more = step(client);
	if (more != 0)
		cmio_close(&client->stream);
}

static struct client *
free_place(void)
{
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		if (clients[i].stream.fd == CMIO_FD_NONE)
			return &clients[i];
	return NULL;
}

/*
 * Accepts until EAGAIN.  If it stops for another reason (no descriptors, no
 * free entry), no event reports when that ends: the loop has to try again.
 */
static void
accept_all(void)
{
	struct client *client;

	accept_later = true;
	while ((client = free_place()) != NULL) {
		if (cmio_accept(&listener, &client->stream, NULL) == 0) {
			client->sent = 0;
			if (cmio_register(sources, &client->stream,
			    (uintptr_t)(client - clients),
			    CMIO_READABLE | CMIO_WRITABLE) == -1)
				cmio_close(&client->stream);
		} else if (errno == EAGAIN) {
			accept_later = false;
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

static void
start(void)
{
	struct cmio_addr addr;
	char text[128];
	int i;

	for (i = 0; i < MAX_CLIENTS; i++)
		cmio_source_init(&clients[i].stream, CMIO_FD_NONE);
	take_listener();
	sources = cmio_poll_new(NULL);
	if (sources == NULL)
		err(1, "cmio_poll_new");
	stopper = cmio_waker_new(sources, STOP);
	if (stopper == NULL)
		err(1, "cmio_waker_new");
	on_signals(on_signal);
	if (cmio_register(sources, &listener, LISTENER, CMIO_READABLE) == -1)
		err(1, "register");
	if (cmio_local_addr(&listener, &addr) == -1)
		err(1, "local address");
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
}

static void
run(void)
{
	struct cmio_event events[MAX_CLIENTS];
	bool stopped = false;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(sources, events, MAX_CLIENTS,
		    accept_later ? SOON : -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++) {
			if (events[i].token == STOP)
				stopped = true;
			else if (events[i].token == LISTENER)
				accept_later = true;
			else
				serve(&clients[events[i].token]);
		}
		if (accept_later)
			accept_all();
	}
}

int
main(void)
{
	int i;

	start();
	run();
	on_signals(SIG_IGN);		/* before the waker is freed */
	for (i = 0; i < MAX_CLIENTS; i++)
		if (clients[i].stream.fd != CMIO_FD_NONE)
			cmio_close(&clients[i].stream);
	cmio_close(&listener);
	cmio_waker_free(stopper);
	cmio_poll_unref(sources);
	return 0;
}
