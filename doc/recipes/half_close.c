/* SPDX-License-Identifier: MIT */
/*
 * Half close: the client sends its request and shuts down writing, the server
 * reads to the end, answers and closes, the client reads to the end.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmio/net.h>

enum { CLIENT, SERVER };

struct side {
	struct cmio_source	source;
	bool			at_end;		/* the other side's */
	size_t			len;
	char			buf[256];
};

/* Reads on until the socket is empty, or the end. */
static void
receive(struct side *side)
{
	size_t room;
	ssize_t n;

	while (!side->at_end) {
		room = sizeof(side->buf) - side->len;
		n = cmio_read(&side->source, side->buf + side->len, room);
		if (n == -1 && errno == EAGAIN)
			return;
		if (n == -1 && errno != EINTR)
			err(1, "read");
		if (n > 0)
			side->len += (size_t)n;
		if (n == 0)
			side->at_end = true;
		if (side->len == sizeof(side->buf))
			errx(1, "too long");
	}
}

static void
say(struct side *side, const char *text)
{
	if (cmio_write(&side->source, text, strlen(text)) !=
	    (ssize_t)strlen(text))
		err(1, "write");
	/* The other side reads the text, and then 0. */
	if (cmio_shutdown(&side->source, SHUT_WR) == -1)
		err(1, "shutdown");
}

int
main(void)
{
	struct side sides[2] = { { .len = 0 } };
	struct cmio_source pair[2];
	struct cmio_event events[4];
	struct cmio_poll *poll = cmio_poll_new(NULL);
	int i, n;

	if (poll == NULL || cmio_unix_pair(pair, SOCK_STREAM) == -1)
		err(1, "cmio_unix_pair");
	for (i = 0; i < 2; i++) {
		sides[i].source = pair[i];
		if (cmio_register(poll, &sides[i].source, (uintptr_t)i,
		    CMIO_READABLE) == -1)
			err(1, "cmio_register");
	}
	say(&sides[CLIENT], "how are you?");
	while (!sides[CLIENT].at_end) {
		n = cmio_poll_wait(poll, events, 4, -1);
		for (i = 0; i < n; i++) {
			receive(&sides[events[i].token]);
			if (events[i].token == SERVER &&
			    sides[SERVER].at_end &&
			    sides[SERVER].source.fd != CMIO_FD_NONE) {
				say(&sides[SERVER], "fine, thank you");
				cmio_close(&sides[SERVER].source);
			}
		}
	}
	printf("%.*s\n", (int)sides[CLIENT].len, sides[CLIENT].buf);
	cmio_close(&sides[CLIENT].source);
	cmio_poll_unref(poll);
	return sides[CLIENT].len != 15;
}
