/* SPDX-License-Identifier: MIT */
/*
 * udp_echo_server [ADDRESS]: sends every datagram back to its sender.
 *
 * The socket is registered with CMIO_LEVEL: every wait reports it while it is
 * ready, so the server may leave datagrams for the next iteration.  It is
 * registered for what the server waits for at the moment: reading or writing.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum { SOCKET, STOP };		/* tokens */
enum { TURN = 64 };		/* datagrams, then check for signals */

struct echo {
	struct cmio_poll	*poll;
	struct cmio_source	 socket;
	bool			 full;		/* has one to send back */
	struct cmio_addr	 from;
	size_t			 len;
	char			 buf[65536];	/* no datagram is larger */
};

static struct echo echo;
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

/* Both return false if they have to wait for the socket. */
static bool
receive(void)
{
	ssize_t n;

	n = cmio_recvfrom(&echo.socket, echo.buf, sizeof(echo.buf), 0,
	    &echo.from);
	if (n == -1) {
		/* Other errors (ECONNREFUSED) are about an earlier datagram. */
		return errno != EAGAIN;
	}
	echo.len = (size_t)n;			/* 0 is a datagram too */
	echo.full = true;
	return true;
}

static bool
send_back(void)
{
	ssize_t n;

	n = cmio_sendto(&echo.socket, echo.buf, echo.len, 0, &echo.from);
	if (n == -1 && errno == EAGAIN)
		return false;
	/* After another error the datagram is lost, which UDP allows. */
	if (n != -1 || errno != EINTR)
		echo.full = false;
	return true;
}

static void
serve(void)
{
	bool was_full = echo.full, go_on = true;
	int i;

	for (i = 0; i < 2 * TURN && go_on; i++)
		go_on = echo.full ? send_back() : receive();
	if (echo.full != was_full && cmio_reregister(echo.poll, &echo.socket,
	    SOCKET, CMIO_LEVEL |
	    (echo.full ? CMIO_WRITABLE : CMIO_READABLE)) == -1)
		err(1, "reregister");
}

static void
start(const char *address)
{
	struct cmio_addr addr;
	char text[128];

	echo.poll = cmio_poll_new(NULL);
	if (echo.poll == NULL)
		err(1, "cmio_poll_new");
	stopper = cmio_waker_new(echo.poll, STOP);
	if (stopper == NULL)
		err(1, "cmio_waker_new");
	on_signals(on_signal);

	if (cmio_addr_parse(&addr, address) == -1)
		err(1, "%s", address);
	if (cmio_udp_bind(&echo.socket, &addr) == -1)
		err(1, "bind to %s", address);
	if (cmio_register(echo.poll, &echo.socket, SOCKET,
	    CMIO_LEVEL | CMIO_READABLE) == -1)
		err(1, "register");
	if (cmio_local_addr(&echo.socket, &addr) == -1)
		err(1, "local address");
	cmio_addr_format(&addr, text, sizeof(text));
	printf("listening on %s\n", text);
	fflush(stdout);
}

static void
run(void)
{
	struct cmio_event events[2];
	bool stopped = false;
	int i, n;

	while (!stopped) {
		n = cmio_poll_wait(echo.poll, events, 2, -1);
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++) {
			if (events[i].token == STOP)
				stopped = true;
			else
				serve();
		}
	}
}

int
main(int argc, char **argv)
{
	start(argc > 1 ? argv[1] : "127.0.0.1:13265");
	run();
	on_signals(SIG_IGN);		/* before the waker is freed */
	cmio_close(&echo.socket);
	cmio_waker_free(stopper);
	cmio_poll_unref(echo.poll);
	return 0;
}
