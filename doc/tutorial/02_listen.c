/* SPDX-License-Identifier: MIT */
/* Step 2: a listener, which prints who connects and closes the connection. */
#include <err.h>
#include <errno.h>
#include <stdio.h>

#include <cmio/net.h>

enum { LISTENER };		/* a token */

static struct cmio_poll *set;
static struct cmio_source listener;

static void
print_address(const char *before, const struct cmio_addr *addr)
{
	char text[128];

	cmio_addr_format(addr, text, sizeof(text));
	printf("%s %s\n", before, text);
	fflush(stdout);
}

static void
welcome(struct cmio_source *stream, const struct cmio_addr *peer)
{
	print_address("connection from", peer);
	cmio_close(stream);
}

static void
accept_all(void)
{
	struct cmio_source stream;
	struct cmio_addr peer;

	for (;;) {
		if (cmio_accept(&listener, &stream, &peer) == 0) {
			welcome(&stream, &peer);
		} else if (errno != EINTR && errno != ECONNABORTED) {
			if (errno != EAGAIN)
				warn("accept");
			return;
		}
	}
}

static void
start(const char *address)
{
	struct cmio_addr addr;

	set = cmio_poll_new(NULL);
	if (set == NULL)
		err(1, "cmio_poll_new");
	if (cmio_addr_parse(&addr, address) == -1 ||
	    cmio_tcp_listen(&listener, &addr) == -1 ||
	    cmio_register(set, &listener, LISTENER, CMIO_READABLE) == -1 ||
	    cmio_local_addr(&listener, &addr) == -1)
		err(1, "%s", address);
	print_address("listening on", &addr);
}

int
main(int argc, char **argv)
{
	struct cmio_event events[16];
	int i, n;

	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	for (;;) {
		n = cmio_poll_wait(set, events, 16, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == LISTENER)
				accept_all();
	}
}
