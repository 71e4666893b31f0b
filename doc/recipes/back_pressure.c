/* SPDX-License-Identifier: MIT */
/*
 * Back pressure: copies between two connections, in both directions, with one
 * small buffer for each.  A side is read from only when what it sent before
 * has been written, so a slow reader slows down the sender, and the memory
 * does not grow.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmio/net.h>

struct way {
	struct cmio_source	*from, *to;
	bool			 readable, writable, to_the_end;
	bool			 ended;
	size_t			 len, sent;	/* of buf */
	char			 buf[4096];
};

/* Each moves some bytes; returns whether that can be done again. */
static bool
fill(struct way *way)
{
	ssize_t n;

	if (way->ended || !way->readable || way->sent < way->len)
		return false;
	n = cmio_read(way->from, way->buf, sizeof(way->buf));
	if (n == -1 && errno == EINTR)
		return true;
	way->readable = n > 0 &&
	    ((size_t)n == sizeof(way->buf) || way->to_the_end);
	if (n == -1 && errno == EAGAIN)
		return false;
	if (n <= 0) {			/* the end: pass it on */
		way->ended = true;
		cmio_shutdown(way->to, SHUT_WR);
		return false;
	}
	way->len = (size_t)n;
	way->sent = 0;
	return true;
}

static bool
empty(struct way *way)
{
	size_t left = way->len - way->sent;
	ssize_t n;

	if (left == 0 || !way->writable)
		return false;
	n = cmio_write(way->to, way->buf + way->sent, left);
	if (n == -1 && errno == EINTR)
		return true;
	way->writable = n == (ssize_t)left;
	if (n == -1 && errno != EAGAIN) {	/* nobody reads any more */
		way->ended = true;
		way->sent = way->len;
		return false;
	}
	if (n > 0)
		way->sent += (size_t)n;
	return n > 0;
}

/* The event is of the side that out writes to and in reads from. */
static void
note(struct way *in, struct way *out, unsigned int ready)
{
	if (ready & CMIO_READABLE)
		in->readable = true;
	if (ready & (CMIO_READ_CLOSED | CMIO_ERROR))
		in->to_the_end = true;
	if (ready & CMIO_WRITABLE)
		out->writable = true;
}

static void
copy(struct cmio_poll *poll, struct cmio_source sides[2])
{
	static struct way ways[2];
	struct cmio_event events[4];
	int i, n;

	for (i = 0; i < 2; i++) {
		ways[i].from = &sides[i];
		ways[i].to = &sides[!i];
		if (cmio_register(poll, &sides[i], (uintptr_t)i,
		    CMIO_READABLE | CMIO_WRITABLE) == -1)
			err(1, "cmio_register");
	}
	while (!ways[0].ended || !ways[1].ended) {
		n = cmio_poll_wait(poll, events, 4, -1);
		for (i = 0; i < n; i++)
			note(&ways[events[i].token], &ways[!events[i].token],
			    events[i].ready);
		for (i = 0; i < 2; i++)
			while (fill(&ways[i]) || empty(&ways[i]))
				continue;
	}
}

/* What is copied here: a text goes to the other side, and comes back. */
int
main(void)
{
	struct cmio_source left[2], right[2], sides[2];
	struct cmio_poll *poll = cmio_poll_new(NULL);
	char buf[64];

	if (poll == NULL || cmio_unix_pair(left, SOCK_STREAM) == -1 ||
	    cmio_unix_pair(right, SOCK_STREAM) == -1)
		err(1, "cmio_unix_pair");
	sides[0] = left[1];
	sides[1] = right[0];
	cmio_write(&left[0], "from the left", 13);
	cmio_write(&right[1], "from the right", 14);
	cmio_shutdown(&left[0], SHUT_WR);
	cmio_shutdown(&right[1], SHUT_WR);
	copy(poll, sides);
	if (cmio_read(&right[1], buf, 64) != 13 ||
	    memcmp(buf, "from the left", 13) != 0 ||
	    cmio_read(&right[1], buf, 64) != 0 ||
	    cmio_read(&left[0], buf, 64) != 14 ||
	    memcmp(buf, "from the right", 14) != 0 ||
	    cmio_read(&left[0], buf, 64) != 0)
		errx(1, "not copied");
	printf("copied\n");
	cmio_close(&left[0]);
	cmio_close(&right[1]);
	cmio_close(&sides[0]);
	cmio_close(&sides[1]);
	cmio_poll_unref(poll);
	return 0;
}
