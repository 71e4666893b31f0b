/* SPDX-License-Identifier: MIT */
/* Operations on descriptors: connections, bytes, the end. */
#include "config.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>

#include "inside.h"

/* macOS lacks it; this program starts no others. */
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif

enum {
	BUFFER = 1 << 16,
	FILLING = 3000,
	MANY = 200		/* limit, as datagram sockets do not fill */
};

short
truth_of(int fd)
{
	struct pollfd p = {
		.fd = fd,
		.events = POLLIN | POLLOUT | POLLPRI | CMIO_POLLRDHUP,
	};

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

void
again(struct world *w, struct slot *slot, unsigned int directions,
    bool by_cmio)
{
	if (!by_cmio && cmio_rearm(&slot->source, directions) == -1)
		fail(w, "cmio_rearm: %s", strerror(errno));
	model_again(reg_of(w, slot), directions, truth_of(slot->source.fd));
}

void
do_connect(struct world *w, const struct op *op)
{
	struct slot *to = choose(w, op->a, is_listener), *from;
	struct sockaddr_in in;
	socklen_t len = sizeof(in);
	int fd, rc;

	if (to == NULL)
		return;
	from = op->b % 2 ? choose(w, op->b / 2, is_tcp) : NULL;
	if (from == NULL) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd == -1)
			return;
		small_buffers(fd);
		from = new_slot(w, fd, KIND_TCP, w->channels++);
	}
	if (from == NULL || getsockname(to->source.fd,
	    (struct sockaddr *)&in, &len) == -1)
		return;
	stir(w, from->channel);
	stir_tcp(w);
	rc = connect(from->source.fd, (struct sockaddr *)&in, len);
	say(w, "connect(s%d, s%d);", index_of(w, from), index_of(w, to));
	if (rc == -1 && errno == EINPROGRESS)
		again(w, from, CMIO_WRITABLE, false);
	note(w, op->code, rc, false);
}

void
do_accept(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_listener);
	struct cmio_source stream = CMIO_SOURCE(-1);
	bool by_cmio = op->b % 2;
	int fd, error;

	if (slot == NULL)
		return;
	if (by_cmio)
		fd = cmio_accept(&slot->source, &stream, NULL) == 0 ?
		    stream.fd : -1;
	else
		fd = accept(slot->source.fd, NULL, NULL);
	error = errno;
	stir_tcp(w);
	say(w, "%saccept(s%d);", by_cmio ? "cmio_" : "", index_of(w, slot));
	if (fd == -1 && error == EAGAIN)
		again(w, slot, CMIO_READABLE, by_cmio);
	errno = error;
	note(w, op->code, fd == -1 ? -1 : 0, false);
	if (fd != -1) {
		small_buffers(fd);
		new_slot(w, fd, KIND_TCP, w->channels++);
	}
}

static size_t
amount(unsigned int which)
{
	static const size_t sizes[] = { 1, 100, 5000, 1400 };

	return sizes[which % 4];
}

static const char data[BUFFER];

static ssize_t
write_once(struct slot *slot, size_t size, bool by_cmio)
{
	if (by_cmio)
		return cmio_write(&slot->source, data, size);
	if (slot->kind == KIND_READER || slot->kind == KIND_WRITER)
		return write(slot->source.fd, data, size);
	return send(slot->source.fd, data, size, MSG_NOSIGNAL);
}

/* On a stream that counts as EAGAIN, if it was a transfer of cmio's. */
static bool
was_short(const struct slot *slot, ssize_t n, size_t size, bool by_cmio)
{
	return by_cmio && slot->kind != KIND_DATAGRAM && n > 0 &&
	    (size_t)n < size;
}

void
do_write(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	bool fill = op->c % 3 == 0, by_cmio = op->b / 4 % 2;
	size_t size = fill ? FILLING : amount(op->b);
	int calls = 0;
	ssize_t n;

	if (slot == NULL || slot->kind == KIND_LISTENER)
		return;
	stir(w, slot->channel);
	stir_tcp(w);
	do
		n = write_once(slot, size, by_cmio);
	while (n > 0 && fill && ++calls < MANY);
	say(w, "%swrite(s%d, %zu%s);", by_cmio ? "cmio_" : "",
	    index_of(w, slot), size, fill ? ", until EAGAIN" : "");
	if (n == -1 && errno == EAGAIN) {
		again(w, slot, CMIO_WRITABLE, by_cmio);
		errno = EAGAIN;
	} else if (was_short(slot, n, size, by_cmio))
		again(w, slot, CMIO_WRITABLE, true);
	note(w, op->code, (int)n, exact(slot));
}

void
do_read(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	size_t size = op->c % 3 == 1 ? BUFFER : amount(op->b);
	bool by_cmio = op->b / 4 % 2;
	char buf[BUFFER];
	ssize_t n;

	if (slot == NULL || slot->kind == KIND_LISTENER)
		return;
	stir(w, slot->channel);
	stir_tcp(w);
	do
		n = by_cmio ? cmio_read(&slot->source, buf, size) :
		    read(slot->source.fd, buf, size);
	while (n > 0 && op->c % 3 != 2);
	say(w, "%sread(s%d, %zu%s);", by_cmio ? "cmio_" : "",
	    index_of(w, slot), size, op->c % 3 != 2 ? ", until EAGAIN" : "");
	if (n == -1 && errno == EAGAIN) {
		again(w, slot, CMIO_READABLE, by_cmio);
		errno = EAGAIN;
	} else if (was_short(slot, n, size, by_cmio))
		again(w, slot, CMIO_READABLE, true);
	note(w, op->code, (int)n, exact(slot));
}

void
do_urgent(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_tcp);
	char byte;
	ssize_t n;

	if (slot == NULL)
		return;
	stir(w, slot->channel);
	stir_tcp(w);
	n = op->b % 3 ? send(slot->source.fd, "!", 1, MSG_OOB | MSG_NOSIGNAL) :
	    recv(slot->source.fd, &byte, 1, MSG_OOB);
	say(w, "%s(s%d, 1, MSG_OOB);", op->b % 3 ? "send" : "recv",
	    index_of(w, slot));
	note(w, op->code, (int)n, false);
}

void
do_shutdown(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	int rc;

	if (slot == NULL)
		return;
	stir(w, slot->channel);
	stir_tcp(w);
	rc = shutdown(slot->source.fd, op->b % 3);
	say(w, "shutdown(s%d, %d);", index_of(w, slot), op->b % 3);
	note(w, op->code, rc, exact(slot));
}

static bool
has_twin(struct world *w, const struct slot *slot)
{
	int i;

	/* Ends are distinguished only by kind, which is always safe. */
	for (i = 0; i < SOURCES; i++)
		if (&w->slots[i] != slot && w->slots[i].used &&
		    w->slots[i].channel == slot->channel)
			return true;
	return false;
}

void
do_close(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	bool unshared = op->b % 4 == 2;
	int rc;

	if (slot == NULL)
		return;
	stir(w, slot->channel);
	stir_tcp(w);
	if (op->b % 2) {
		rc = cmio_close(&slot->source);
		say(w, "cmio_close(&s%d);", index_of(w, slot));
	} else if (unshared && !has_twin(w, slot)) {
		rc = close(cmio_release_unshared(&slot->source));
		say(w, "close(cmio_release_unshared(&s%d));",
		    index_of(w, slot));
	} else {
		rc = close(cmio_release(&slot->source));
		say(w, "close(cmio_release(&s%d));", index_of(w, slot));
	}
	note(w, op->code, rc, true);
	expect(w, "close", rc, 0);
	if (slot->source.fd != CMIO_FD_NONE)
		fail(w, "a closed source keeps its descriptor");
	reg_of(w, slot)->on = false;
	slot->used = false;
}

void
do_close_plain(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open_and_registered);
	struct reg *reg;

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	stir(w, slot->channel);
	stir_tcp(w);
	close(slot->source.fd);
	say(w, "close(s%d.fd);\n", index_of(w, slot));
	reg->stale = true;
	reg->ghost = has_twin(w, slot);
	reg->stale_left = 1;
	if (reg->ghost)
		w->model.ghosts = true;
}

void
do_reset(struct world *w, const struct op *op)
{
	const struct linger hard = { .l_onoff = 1, .l_linger = 0 };
	struct slot *slot = choose(w, op->a, is_tcp);
	struct op inner = *op;
	int i;

	if (slot == NULL)
		return;
	setsockopt(slot->source.fd, SOL_SOCKET, SO_LINGER, &hard,
	    sizeof(hard));
	say(w, "SO_LINGER of 0 on s%d;\n", index_of(w, slot));
	/* Which of the open ones it is. */
	for (i = 0, inner.a = 0; &w->slots[i] != slot; i++)
		inner.a += is_open(w, &w->slots[i]);
	do_close(w, &inner);
}

void
do_dup(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open), *copy;
	int fd;

	if (slot == NULL)
		return;
	fd = dup(slot->source.fd);
	if (fd == -1)
		return;
	copy = new_slot(w, fd, slot->kind, slot->channel);
	if (copy != NULL)
		say(w, "s%d = dup(s%d);\n", index_of(w, copy),
		    index_of(w, slot));
}
