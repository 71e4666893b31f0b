/* SPDX-License-Identifier: MIT */
/*
 * The load of the echo benchmark, in its own process: each connection sends a
 * message, waits until all of it has come back, and sends again.
 *
 * usage: load port connections size messages
 */
#include "bench.h"

#include <sys/epoll.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>

struct connection {
	int	fd;
	int	got;		/* bytes of the answer */
	int64_t	sent;		/* when */
};

static char message[65536];
static int size;

static void
begin(struct connection *c)
{
	c->got = 0;
	c->sent = clock_now(CLOCK_MONOTONIC);
	if (send(c->fd, message, (size_t)size, MSG_NOSIGNAL) != size)
		err(1, "send");
}

static void
open_connection(struct connection *c, int epfd, int port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
	};
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd == -1 ||
	    connect(c->fd, (struct sockaddr *)&addr, sizeof(addr)) == -1 ||
	    epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &ev) == -1)
		err(1, "connection");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Returns whether the whole answer has come. */
static bool
answered(struct connection *c)
{
	char buf[65536];
	ssize_t n;

	n = recv(c->fd, buf, sizeof(buf), 0);
	if (n <= 0)
		err(1, "recv");
	c->got += (int)n;
	return c->got == size;
}

int
main(int argc, char **argv)
{
	struct epoll_event found[EVENTS];
	struct connection *all;
	int64_t *times;
	long messages, done = 0, begun = 0;
	int connections, epfd, i, n;

	if (argc != 5)
		errx(1, "usage: load port connections size messages");
	connections = atoi(argv[2]);
	size = atoi(argv[3]);
	messages = atol(argv[4]);
	need_descriptors(connections);
	all = calloc((size_t)connections, sizeof(*all));
	times = calloc((size_t)messages, sizeof(*times));
	epfd = epoll_create1(EPOLL_CLOEXEC);
	if (all == NULL || times == NULL || epfd == -1)
		err(1, "load");
	for (i = 0; i < connections; i++)
		open_connection(&all[i], epfd, atoi(argv[1]));
	for (i = 0; i < connections && begun < messages; i++, begun++)
		begin(&all[i]);
	while (done < messages) {
		n = epoll_wait(epfd, found, EVENTS, -1);
		for (i = 0; i < n; i++) {
			struct connection *c = found[i].data.ptr;

			if (!answered(c))
				continue;
			times[done++] = clock_now(CLOCK_MONOTONIC) - c->sent;
			if (begun < messages) {
				begun++;
				begin(c);
			}
		}
	}
	print_percentiles(times, messages);
	return 0;
}
