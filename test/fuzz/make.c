/* SPDX-License-Identifier: MIT */
/* Operations that make descriptors. */
#include "config.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <fcntl.h>
#include <unistd.h>

#include "inside.h"

/* macOS lacks it; this program starts no others. */
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif

void
small_buffers(int fd)
{
	const int size = 4096;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int
bound(int type, struct sockaddr_in *in)
{
	socklen_t len = sizeof(*in);
	int fd;

	*in = (struct sockaddr_in){ .sin_family = AF_INET };
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	small_buffers(fd);
	if (bind(fd, (struct sockaddr *)in, len) == -1 ||
	    getsockname(fd, (struct sockaddr *)in, &len) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
tcp_pair(int fds[2])
{
	struct sockaddr_in in;
	int listener, rc = -1;

	listener = bound(SOCK_STREAM, &in);
	if (listener == -1)
		return -1;
	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fds[0] != -1) {
		small_buffers(fds[0]);
		if (listen(listener, 1) == 0 && connect(fds[0],
		    (struct sockaddr *)&in, sizeof(in)) == 0) {
			fds[1] = accept(listener, NULL, NULL);
			rc = fds[1] == -1 ? -1 : 0;
		}
		if (rc == -1)
			close(fds[0]);
	}
	close(listener);
	return rc;
}

static int
udp_pair(int fds[2])
{
	struct sockaddr_in in[2];

	fds[0] = bound(SOCK_DGRAM, &in[0]);
	fds[1] = bound(SOCK_DGRAM, &in[1]);
	if (fds[0] == -1 || fds[1] == -1)
		return -1;
	if (connect(fds[0], (struct sockaddr *)&in[1], sizeof(in[1])) == -1)
		return -1;
	return connect(fds[1], (struct sockaddr *)&in[0], sizeof(in[0]));
}

static int
unix_pair(int type, int fds[2])
{
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) == -1)
		return -1;
	small_buffers(fds[0]);
	small_buffers(fds[1]);
	return 0;
}

static int
small_pipe(int fds[2])
{
	if (pipe(fds) == -1)
		return -1;
#ifdef F_SETPIPE_SZ
	fcntl(fds[1], F_SETPIPE_SZ, 4096);
#endif
	return 0;
}

static void
make_pair(struct world *w, const char *what, int rc, const int fds[2],
    enum kind first, enum kind second)
{
	int channel = w->channels++;
	struct slot *a, *b;

	if (rc == -1)
		return;
	a = new_slot(w, fds[0], first, channel);
	b = new_slot(w, fds[1], second, channel);
	if (a != NULL && b != NULL)
		say(w, "%s, s%d and s%d;\n", what, index_of(w, a),
		    index_of(w, b));
}

static void
make_listener(struct world *w)
{
	struct sockaddr_in in;
	struct slot *slot;
	int fd;

	fd = bound(SOCK_STREAM, &in);
	if (fd == -1 || listen(fd, 4) == -1)
		return;
	slot = new_slot(w, fd, KIND_LISTENER, w->channels++);
	if (slot != NULL)
		say(w, "listener, s%d;\n", index_of(w, slot));
}

static void
make_unconnected(struct world *w)
{
	struct slot *slot;
	int fd;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return;
	small_buffers(fd);
	slot = new_slot(w, fd, KIND_TCP, w->channels++);
	if (slot != NULL)
		say(w, "unconnected TCP socket, s%d;\n", index_of(w, slot));
}

void
do_make(struct world *w, const struct op *op)
{
	int fds[2] = { -1, -1 };

	switch (op->a % 8) {
	case 0:
	case 1:
		make_pair(w, "pipe", small_pipe(fds), fds, KIND_READER,
		    KIND_WRITER);
		break;
	case 2:
	case 3:
		make_pair(w, "Unix stream pair", unix_pair(SOCK_STREAM, fds),
		    fds, KIND_STREAM, KIND_STREAM);
		break;
	case 4:
		if (op->b % 2)
			make_pair(w, "Unix datagram pair",
			    unix_pair(SOCK_DGRAM, fds), fds, KIND_DATAGRAM,
			    KIND_DATAGRAM);
		else
			make_pair(w, "UDP pair", udp_pair(fds), fds,
			    KIND_DATAGRAM, KIND_DATAGRAM);
		break;
	case 5:
	case 6:
		make_pair(w, "TCP pair", tcp_pair(fds), fds, KIND_TCP,
		    KIND_TCP);
		break;
	default:
		if (op->b % 2)
			make_listener(w);
		else
			make_unconnected(w);
		break;
	}
}
