/* SPDX-License-Identifier: MIT */
/*
 * quick_start [ADDRESS]: a listener and a client in one loop.
 *
 * The listener accepts the client's connection and closes it at once; the
 * client then gets an event.
 */
#include <errno.h>
#include <stdio.h>

#include <cmio/net.h>

/* Tokens: which event is for which socket. */
enum { SERVER, CLIENT };

static int
fail(const char *what)
{
	perror(what);
	return 1;
}

int
main(int argc, char **argv)
{
	struct cmio_poll *poll;
	struct cmio_source server, client, connection;
	struct cmio_event events[128];
	struct cmio_addr addr;
	char text[128];
	int done, i, n;

	poll = cmio_poll_new(NULL);
	if (poll == NULL)
		return fail("cmio_poll_new");

	/* The server's socket. */
	if (cmio_addr_parse(&addr, argc > 1 ? argv[1] :
	    "127.0.0.1:13265") == -1)
		return fail("address");
	if (cmio_tcp_listen(&server, &addr) == -1 ||
	    cmio_register(poll, &server, SERVER, CMIO_READABLE) == -1)
		return fail("listen");

	/* The client's.  For port 0 the kernel has chosen a port. */
	if (cmio_local_addr(&server, &addr) == -1 ||
	    cmio_tcp_connect(&client, &addr) == -1 ||
	    cmio_register(poll, &client, CLIENT,
	    CMIO_READABLE | CMIO_WRITABLE) == -1)
		return fail("connect");
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);

	for (done = 0; !done;) {
		/* Sleep until something is ready. */
		n = cmio_poll_wait(poll, events, 128, -1);
		if (n == -1 && errno != EINTR)
			return fail("cmio_poll_wait");

		for (i = 0; i < n; i++) {
			cmio_ready_format(events[i].ready, text, sizeof(text));
			printf("%s: %s\n", events[i].token == SERVER ?
			    "server" : "client", text);

			/* A connection: accept it, and close it at once. */
			if (events[i].token == SERVER &&
			    cmio_accept(&server, &connection, NULL) == 0)
				cmio_close(&connection);

			/* The client can write (it is connected), or read. */
			if (events[i].token == CLIENT &&
			    (events[i].ready & CMIO_READABLE) != 0)
				done = 1;
		}
	}

	cmio_close(&client);
	cmio_close(&server);
	cmio_poll_unref(poll);
	return 0;
}
