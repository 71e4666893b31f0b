/* SPDX-License-Identifier: MIT */
/* Benchmarks of messages and connections: see benchmarks.h. */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

/* One message over one connection, back and forth in one loop. */
HANDLER(return_message)
{
	char buf[4096];
	ssize_t n;

	(void)ready;
	n = watch_recv(&watches[token], buf, sizeof(buf));
	if (n <= 0)
		err(1, "recv");
	if (events++ < wanted)
		watch_send(&watches[token], buf, (size_t)n);
}

static void
pingpong(const struct job *job)
{
	char buf[4096] = { 0 };
	uintptr_t i;

	make_watches(2);
	tcp_pair(fds);
	loop_open(&loop, variant);
	for (i = 0; i < 2; i++)
		watch_add(&loop, &watches[i], fds[i], i, READ,
		    CALLBACK(return_message));
	wanted = job->count * 2;
	loop_turn(&loop, 0, return_message);
	watch_start(&result);
	watch_send(&watches[0], buf, (size_t)job->k);
	while (events < wanted)
		loop_turn(&loop, -1, return_message);
	watch_stop(&result);
	result.ops = job->count;
}

/* N connections, and messages of K bytes from another process. */
HANDLER(echo_message)
{
	static char buf[65536];
	struct watch *w = &watches[token];
	ssize_t n;

	(void)ready;
	n = watch_recv(w, buf, sizeof(buf));
	if (n > 0)
		watch_send(w, buf, (size_t)n);
	else if (n == 0) {
		watch_close(&loop, w);
		closed++;
	}
}

static void
echo(const struct job *job)
{
	struct sockaddr_in addr;
	struct pollfd p = { .events = POLLIN };
	int i, report;

	need_descriptors(job->n);
	make_watches(job->n);
	p.fd = tcp_listener(&addr);
	report = load_start(&addr, job);
	loop_open(&loop, variant);
	for (i = 0; i < job->n; i++) {
		poll(&p, 1, -1);
		fds[i] = accept4(p.fd, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fds[i] == -1)
			err(1, "accept4");
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(echo_message));
	}
	watch_start(&result);
	while (closed < job->n)
		loop_turn(&loop, -1, echo_message);
	watch_stop(&result);
	result.ops = job->count;
	load_report(report);
}

/* Datagrams that arrive N at a time, and are sent back one by one. */
HANDLER(echo_datagrams)
{
	char buf[2048];
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t n;

	(void)ready;
	while ((n = recvfrom(fds[token], buf, sizeof(buf), 0,
	    (struct sockaddr *)&from, &len)) >= 0) {
		if (sendto(fds[token], buf, (size_t)n, MSG_NOSIGNAL,
		    (struct sockaddr *)&from, len) == -1)
			err(1, "sendto");
		events++;
	}
}

/* The program's socket is the first of fds; returns the other end. */
static int
open_datagram_sockets(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int client;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fds[0] == -1 || client == -1 ||
	    bind(fds[0], (struct sockaddr *)&addr, sizeof(addr)) == -1 ||
	    getsockname(fds[0], (struct sockaddr *)&addr, &len) == -1 ||
	    connect(client, (struct sockaddr *)&addr, len) == -1)
		err(1, "udp");
	return client;
}

static void
udp(const struct job *job)
{
	struct mmsghdr msgs[512] = { { .msg_len = 0 } };
	struct iovec iov[512];
	static char bufs[512][64];
	int client, i;
	long round;

	make_watches(1);
	client = open_datagram_sockets();
	for (i = 0; i < job->n; i++) {
		iov[i].iov_base = bufs[i];
		iov[i].iov_len = (size_t)job->k;
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	loop_open(&loop, variant);
	watch_add(&loop, &watches[0], fds[0], 0, READ,
	    CALLBACK(echo_datagrams));
	for (round = 0; round < job->count; round++) {
		if (sendmmsg(client, msgs, (unsigned int)job->n, 0) != job->n)
			err(1, "sendmmsg");
		watch_start(&result);
		while (events < (round + 1) * job->n)
			loop_turn(&loop, -1, echo_datagrams);
		watch_stop(&result);
		if (recvmmsg(client, msgs, (unsigned int)job->n, 0, NULL) !=
		    job->n)
			err(1, "recvmmsg");
	}
	result.ops = job->count * job->n;
	/* The two above, and two calls of the CPU clock. */
	result.others = 4.0 / job->n;
}

/*
 * Connections that bring a request, get an answer and are closed, N at a
 * time.  If K is not 0 the program tries to receive before it registers.
 */
static const struct job *connection_job;

static bool
serve(struct watch *w)
{
	char buf[256];
	ssize_t n;

	n = watch_recv(w, buf, sizeof(buf));
	if (n == -1 && errno == EAGAIN)
		return false;
	if (n <= 0 || watch_send(w, buf, (size_t)n) != n)
		err(1, "serve");
	return true;
}

HANDLER(serve_connection)
{
	(void)ready;
	if (serve(&watches[token])) {
		watch_close(&loop, &watches[token]);
		closed++;
	}
}

HANDLER(accept_connections)
{
	int fd;

	if (token != (uintptr_t)connection_job->n) {
		serve_connection(token, ready);
		return;
	}
	while ((fd = watch_accept(&listener, &watches[events])) != -1) {
		if (connection_job->k && serve(&watches[events])) {
			close(fd);
			closed++;
		} else
			watch_add(&loop, &watches[events], fd,
			    (uintptr_t)events, READ,
			    CALLBACK(serve_connection));
		events++;
	}
}

/* Each burst uses another address, because the ports would run out. */
static int
send_request(const struct sockaddr_in *addr, long round)
{
	struct sockaddr_in to = *addr;
	char request[64] = { 0 };
	int fd;

	to.sin_addr.s_addr = htonl(0x7f000001u |
	    (uint32_t)(getpid() % 251) << 16 |
	    (uint32_t)(round % 250 + 1) << 8);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&to, sizeof(to)) == -1 ||
	    send(fd, request, sizeof(request), 0) == -1)
		err(1, "request");
	return fd;
}

static void
get_answer(int fd)
{
	char buf[256];

	if (recv(fd, buf, sizeof(buf), 0) <= 0)
		err(1, "answer");
	close(fd);
}

static void
connections(const struct job *job)
{
	struct sockaddr_in addr;
	int i, fd;
	long round;

	make_watches(job->n + 1);
	connection_job = job;
	fd = tcp_listener(&addr);
	loop_open(&loop, variant);
	watch_add(&loop, &listener, fd, (uintptr_t)job->n, READ,
	    CALLBACK(accept_connections));
	for (round = 0; round < job->count; round++) {
		for (i = 0; i < job->n; i++)
			fds[i] = send_request(&addr, round);
		events = closed = 0;
		watch_start(&result);
		while (closed < job->n)
			loop_turn(&loop, -1, accept_connections);
		watch_stop(&result);
		for (i = 0; i < job->n; i++)
			get_answer(fds[i]);
	}
	result.ops = job->count * job->n;
	/* The other end's five calls, its getpid, and two of the clock. */
	result.others = 6 + 2.0 / job->n;
}

#endif
