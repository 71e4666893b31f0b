/* SPDX-License-Identifier: MIT */
/*
 * Standard input, which may be a terminal, a pipe, a socket, a file or
 * /dev/null: copies it to standard output.
 *
 * It stays blocking, because O_NONBLOCK belongs to the open file, which the
 * shell and other programs share.  With CMIO_LEVEL and one read after each
 * event no read blocks, if nobody else reads from it.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include <cmio.h>

enum { INPUT = 1 };

/* Returns false at the end. */
static bool
copy(void)
{
	char buf[4096];
	ssize_t n, sent, done;

	n = read(STDIN_FILENO, buf, sizeof(buf));
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (n == -1)
		err(1, "read");
	for (done = 0; done < n; done += sent) {
		sent = write(STDOUT_FILENO, buf + done, (size_t)(n - done));
		if (sent == -1)
			err(1, "write");
	}
	return n > 0;
}

int
main(void)
{
	struct cmio_event events[16];
	struct cmio_source input = CMIO_SOURCE(STDIN_FILENO);
	struct cmio_poll *poll = cmio_poll_new(NULL);
	bool always_ready = false, ready;
	int i, n;

	if (poll == NULL)
		err(1, "cmio_poll_new");
	if (cmio_register(poll, &input, INPUT,
	    CMIO_READABLE | CMIO_LEVEL) == -1) {
		if (errno != EPERM)
			err(1, "standard input");
		always_ready = true;	/* a file, or /dev/null */
	}
	do {
		n = cmio_poll_wait(poll, events, 16, always_ready ? 0 : -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		ready = always_ready;
		for (i = 0; i < n; i++)
			if (events[i].token == INPUT)
				ready = true;
	} while (!ready || copy());
	cmio_deregister(NULL, &input);
	cmio_poll_unref(poll);
	return 0;
}
