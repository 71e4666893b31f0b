/* SPDX-License-Identifier: MIT */
/*
 * The interpreter of world.h.
 *
 * Operands select from what exists, so that nearly every operation does
 * something.  Everything that may make a source ready is recorded, so that the
 * model can detect an edge without a reason.
 */
#include "config.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>

#include "model.h"
#include "world.h"

/* macOS lacks it; this program starts no others. */
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif

enum {
	NO_CHANNEL = -1,
	CLASSES = 16,		/* of recent.h */
	BUFFER = 1 << 16,
	FILLING = 3000,
	LOWEST = 100,		/* descriptor of a source */
	MANY = 200,		/* limit, as datagram sockets do not fill */
	LONG_MS = 300
};

/* reg of the model at the same index belongs to it. */
struct slot {
	bool			used;
	struct cmio_source	source;
	enum kind		kind;
	int			channel;
	int			number;	/* that the descriptor had */
	bool			gone;	/* only the kernel has it */
};

struct world {
	struct model		 model;
	struct cmio_poll	*polls[POLLS];
	struct slot		 slots[SOURCES];
	struct cmio_user_event	 events[USER_EVENTS];
	int			 channels;
	int			 last_added[POLLS][CLASSES];
	uintptr_t		 token;
	struct outcome		*outcome;
	int			 at;	/* the number of the operation */
	FILE			*text;
	const char		*selector;
};

static void
say(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->text == NULL)
		return;
	va_start(ap, format);
	vfprintf(w->text, format, ap);
	va_end(ap);
}

static void
fail(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->outcome->failed)
		return;
	w->outcome->failed = true;
	va_start(ap, format);
	vsnprintf(w->outcome->message, MESSAGE, format, ap);
	va_end(ap);
	say(w, "\t/* %s */\n", w->outcome->message);
}

static void
note(struct world *w, int code, int rc, bool exact)
{
	if (w->at < MOST_OPS)
	w->outcome->results[w->at] = (struct result){
		.code = code,
		.rc = rc,
		.error = rc == -1 ? errno : 0,
		.exact = exact && !w->model.ghosts,
	};
	say(w, "\t/* %d%s%s */\n", rc, rc == -1 ? " " : "",
	    rc == -1 ? strerror(errno) : "");
}

/* The return value must be this one; -1 is any failure. */
static void
expect(struct world *w, const char *what, int rc, int error)
{
	if (rc != (error == 0 ? 0 : -1) || (rc == -1 && errno != error))
		fail(w, "%s: %d (%s), not %s", what, rc,
		    rc == -1 ? strerror(errno) : "success",
		    error == 0 ? "success" : strerror(error));
}

static struct reg *
reg_of(struct world *w, struct slot *slot)
{
	return &w->model.regs[slot - w->slots];
}

static int
index_of(struct world *w, struct slot *slot)
{
	return (int)(slot - w->slots);
}

static bool
is_open(struct world *w, struct slot *slot)
{
	return slot->used && !reg_of(w, slot)->stale;
}

/* The slot with index which, modulo their number, for which wanted(). */
static struct slot *
choose(struct world *w, unsigned int which,
    bool (*wanted)(struct world *, struct slot *))
{
	struct slot *liked[SOURCES];
	int i, n = 0;

	for (i = 0; i < SOURCES; i++)
		if (wanted(w, &w->slots[i]))
			liked[n++] = &w->slots[i];
	return n == 0 ? NULL : liked[which % (unsigned int)n];
}

static bool
is_used(struct world *w, struct slot *slot)
{
	(void)w;
	return slot->used && !slot->gone;
}

static bool
is_listener(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && slot->kind == KIND_LISTENER;
}

static bool
is_tcp(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && slot->kind == KIND_TCP;
}

static bool
is_open_and_registered(struct world *w, struct slot *slot)
{
	return is_open(w, slot) && reg_of(w, slot)->on;
}

/* Numbers are reused in the same way with every selector. */
static int
move_up(int fd)
{
	int higher = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST);

	close(fd);
	return higher;
}

static struct slot *
new_slot(struct world *w, int fd, enum kind kind, int channel)
{
	struct slot *slot;
	int i;

	for (i = 0; i < SOURCES && w->slots[i].used; i++)
		continue;
	fd = move_up(fd);
	if (i == SOURCES || fd == -1) {
		close(fd);
		return NULL;
	}
	slot = &w->slots[i];
	*slot = (struct slot){
		.used = true,
		.kind = kind,
		.channel = channel,
		.number = fd,
	};
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	cmio_source_init(&slot->source, fd);
	memset(reg_of(w, slot), 0, sizeof(struct reg));
	reg_of(w, slot)->kind = kind;
	return slot;
}

/* A channel was used: the sources of both ends may become ready. */
static void
stir(struct world *w, int channel)
{
	int i;

	for (i = 0; i < SOURCES; i++)
		if (w->slots[i].used && w->slots[i].channel == channel)
			w->model.regs[i].quiet = false;
}

/* TCP's timers and new connections may make these ready at any time. */
static void
stir_tcp(struct world *w)
{
	int i;

	for (i = 0; i < SOURCES; i++)
		if (w->slots[i].used && (w->slots[i].kind == KIND_TCP ||
		    w->slots[i].kind == KIND_LISTENER))
			w->model.regs[i].quiet = false;
}

static bool
exact(const struct slot *slot)
{
	return slot->kind != KIND_TCP && slot->kind != KIND_LISTENER;
}

/* Small, so that programs can fill them. */
static void
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

static void
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

static short
truth_of(int fd)
{
	struct pollfd p = {
		.fd = fd,
		.events = POLLIN | POLLOUT | POLLPRI | CMIO_POLLRDHUP,
	};

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

/* After EAGAIN; libcmio-net's functions have rearmed already. */
static void
again(struct world *w, struct slot *slot, unsigned int directions,
    bool by_cmio)
{
	if (!by_cmio && cmio_rearm(&slot->source, directions) == -1)
		fail(w, "cmio_rearm: %s", strerror(errno));
	model_again(reg_of(w, slot), directions, truth_of(slot->source.fd));
}

static void
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

static void
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

static void
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
	}
	note(w, op->code, (int)n, exact(slot));
}

static void
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
	}
	note(w, op->code, (int)n, exact(slot));
}

static void
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

static void
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

static void
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

static void
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

static void
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

static void
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

static unsigned int
an_interest(unsigned int which)
{
	static const unsigned int directions[] = {
		CMIO_READABLE | CMIO_WRITABLE, CMIO_READABLE, CMIO_WRITABLE,
		CMIO_READABLE | CMIO_PRIORITY, CMIO_READABLE, CMIO_WRITABLE,
		CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY, CMIO_PRIORITY,
	};
	static const unsigned int triggers[] = {
		0, 0, 0, 0, CMIO_LEVEL, CMIO_LEVEL, CMIO_ONESHOT,
		CMIO_EXCLUSIVE,
	};

	return directions[which % 8] | triggers[which / 8 % 8];
}

static const char *
interest_text(unsigned int interest, char buf[200])
{
	cmio_ready_format(interest, buf, 200);
	return buf;
}

static uintptr_t
new_token(struct world *w, unsigned int which)
{
	w->token++;
	return which % 8 == 7 ? ~w->token : w->token;
}

static int *
last_added(struct world *w, int poll, int fd)
{
	return &w->last_added[poll][fd % CLASSES];
}

static void
do_register(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_open);
	unsigned int interest = an_interest(op->b);
	int poll = op->c % 8 == 1, error, rc;
	struct cmio_source other;
	uintptr_t token = new_token(w, op->c / 8);
	struct reg *reg;
	char text[200];

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	error = reg->on ? EEXIST : 0;
	if (op->c % 8 == 7)
		interest &= ~(CMIO_READABLE | CMIO_WRITABLE | CMIO_PRIORITY);
	if (op->c % 8 == 7)
		error = EINVAL;
	cmio_source_init(&other, slot->source.fd);
	if (op->c % 8 == 6 && reg->on && reg->poll == 0)
		rc = cmio_register(w->polls[0], &other, token, interest);
	else
		rc = cmio_register(w->polls[poll], &slot->source, token,
		    interest);
	say(w, "cmio_register(p%d, &s%d, %#jx, %s);", poll, index_of(w, slot),
	    (uintmax_t)token, interest_text(interest, text));
	note(w, op->code, rc, true);
	if (rc == -1 && errno == EEXIST && w->model.ghosts)
		return;
	expect(w, "cmio_register", rc, error);
	if (rc == -1)
		return;
	model_register(reg, poll, token, interest);
	*last_added(w, poll, slot->number) = slot->number;
}

/*
 * cmio's memory of closed descriptors is short.  Whether it must know of
 * this one.
 */
static bool
is_remembered(struct world *w, struct slot *stale)
{
	struct reg *reg = reg_of(w, stale);
	int i;

	if (*last_added(w, reg->poll, stale->number) == stale->number)
		return true;
	for (i = 0; i < SOURCES; i++)
		if (&w->slots[i] != stale && w->slots[i].used &&
		    w->slots[i].number == stale->number)
			return false;
	return true;
}

static void
do_reregister(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_used);
	unsigned int interest = an_interest(op->b);
	int poll = op->c % 16 == 1, rc;
	uintptr_t token = new_token(w, op->c / 16);
	struct reg *reg;
	char text[200];

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	if (reg->on && op->c % 16 != 1)
		poll = reg->poll;
	if (reg->stale && (reg->ghost || !is_remembered(w, slot)))
		return;
	rc = cmio_reregister(w->polls[poll], &slot->source, token, interest);
	say(w, "cmio_reregister(p%d, &s%d, %#jx, %s);", poll,
	    index_of(w, slot), (uintmax_t)token,
	    interest_text(interest, text));
	note(w, op->code, rc, !reg->stale);
	if (reg->stale && reg->poll == poll) {
		if (rc == 0 || (errno != ENOENT && errno != EBADF))
			fail(w, "cmio_reregister of a closed descriptor: %d, "
			    "%s", rc, strerror(errno));
		return;
	}
	expect(w, "cmio_reregister", rc,
	    reg->on && reg->poll == poll ? 0 : ENOENT);
	if (rc == 0)
		model_register(reg, poll, token, interest);
	/* It may or may not have been added again. */
	if (rc == 0)
		*last_added(w, poll, slot->number) = -1;
}

static void
do_deregister(struct world *w, const struct op *op)
{
	struct slot *slot = choose(w, op->a, is_used);
	int poll = op->b % 16 == 1, rc;
	struct reg *reg;
	bool any = op->c % 4 == 1;

	if (slot == NULL)
		return;
	reg = reg_of(w, slot);
	if (reg->on && op->b % 16 != 1)
		poll = reg->poll;
	if (reg->stale && !is_remembered(w, slot))
		return;
	rc = cmio_deregister(any ? NULL : w->polls[poll], &slot->source);
	say(w, "cmio_deregister(%s%d, &s%d);", any ? "NULL; p" : "p", poll,
	    index_of(w, slot));
	note(w, op->code, rc, true);
	expect(w, "cmio_deregister", rc,
	    any || (reg->on && reg->poll == poll) ? 0 : ENOENT);
	if (rc == -1)
		return;
	if (reg->stale && reg->ghost) {
		slot->gone = true;
		return;
	}
	reg->on = false;
	if (reg->stale)
		slot->used = reg->stale = false;
}

static void
do_rearm(struct world *w, const struct op *op)
{
	static const unsigned int directions[] = {
		CMIO_READABLE, CMIO_WRITABLE, CMIO_PRIORITY,
		CMIO_READABLE | CMIO_WRITABLE,
	};
	struct slot *slot = choose(w, op->a, is_used);
	int rc;

	if (slot == NULL || (reg_of(w, slot)->stale &&
	    reg_of(w, slot)->ghost))
		return;
	/* It was not EAGAIN, so nothing is owed. */
	rc = cmio_rearm(&slot->source, directions[op->b % 4]);
	reg_of(w, slot)->quiet = false;
	/* After a rearm a closed source may be reported once more. */
	reg_of(w, slot)->stale_left = 1;
	say(w, "cmio_rearm(&s%d, %#x);", index_of(w, slot),
	    directions[op->b % 4]);
	note(w, op->code, rc, true);
	expect(w, "cmio_rearm", rc, 0);
}

static void
do_event_add(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, poll = op->b % 4 == 1, rc;
	struct user_event *event = &w->model.events[i];

	if (event->on)
		return;
	*event = (struct user_event){
		.poll = poll,
		.token = new_token(w, op->c),
	};
	rc = cmio_user_event_add(w->polls[poll], &w->events[i], event->token);
	say(w, "cmio_user_event_add(p%d, &e%d, %#jx);", poll, i,
	    (uintmax_t)event->token);
	note(w, op->code, rc, true);
	expect(w, "cmio_user_event_add", rc, 0);
	event->on = rc == 0;
	/* Its descriptor is one that cmio has to remember, too. */
	for (i = 0; i < CLASSES; i++)
		w->last_added[poll][i] = -1;
}

static void
do_event_trigger(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, rc;
	struct user_event *event = &w->model.events[i];

	if (!event->on)
		return;
	rc = cmio_user_event_trigger(&w->events[i]);
	say(w, "cmio_user_event_trigger(&e%d);", i);
	if (rc != 0 && rc != 1)
		fail(w, "cmio_user_event_trigger: %s", strerror(errno));
	note(w, op->code, rc > 0 ? 0 : rc, true);
	event->triggered = true;
}

static void
do_event_remove(struct world *w, const struct op *op)
{
	int i = op->a % USER_EVENTS, rc;
	struct user_event *event = &w->model.events[i];

	rc = event->on ? cmio_user_event_remove(&w->events[i]) : 0;
	if (event->on) {
		say(w, "cmio_user_event_remove(&e%d);", i);
		note(w, op->code, rc, true);
		expect(w, "cmio_user_event_remove", rc, 0);
	}
	*event = (struct user_event){ .on = false };
}

static void
look(struct world *w, bool after)
{
	struct reg *reg;
	short truth;
	int i;

	for (i = 0; i < SOURCES; i++) {
		reg = &w->model.regs[i];
		if (!reg->on)
			continue;
		truth = reg->stale ? 0 : truth_of(w->slots[i].source.fd);
		if (after)
			reg->after = truth;
		else {
			reg->before = truth;
			reg->seen = 0;
			reg->times = 0;
		}
	}
	for (i = 0; !after && i < USER_EVENTS; i++)
		w->model.events[i].times = 0;
}

static void
wait_and_check(struct world *w, int poll, int most, int code)
{
	struct cmio_event events[MOST_EVENTS + 1];
	const uintptr_t mark = (uintptr_t)-2;
	const char *wrong;
	char buf[MESSAGE - 20];
	int64_t timeout;
	int n;

	stir_tcp(w);
	look(w, false);
	/* What is owed comes at once, whatever the timeout. */
	timeout = model_owes(&w->model, poll) ?
	    (int64_t)LONG_MS * 1000000 : 0;
	events[most].token = mark;
	n = cmio_poll_wait(w->polls[poll], events, most, timeout);
	look(w, true);
	say(w, "cmio_poll_wait(p%d, events, %d, 0);", poll, most);
	note(w, code, n, false);
	if (n == -1)
		fail(w, "cmio_poll_wait: %s", strerror(errno));
	else if (events[most].token != mark)
		fail(w, "cmio_poll_wait wrote beyond %d events", most);
	else {
		wrong = model_wait(&w->model, poll, events, n, most, buf,
		    sizeof(buf));
		if (wrong != NULL)
			fail(w, "%s", wrong);
	}
}

static void
do_wait(struct world *w, const struct op *op)
{
	int most = op->b % 2 ? 1 + op->b / 2 % 6 : MOST_EVENTS;

	wait_and_check(w, op->a % 8 == 1, most, op->code);
}

static void
run_op(struct world *w, const struct op *op)
{
	static void (*const run[OPS])(struct world *, const struct op *) = {
		[OP_MAKE] = do_make,
		[OP_CONNECT] = do_connect,
		[OP_ACCEPT] = do_accept,
		[OP_WRITE] = do_write,
		[OP_READ] = do_read,
		[OP_URGENT] = do_urgent,
		[OP_SHUTDOWN] = do_shutdown,
		[OP_CLOSE] = do_close,
		[OP_CLOSE_PLAIN] = do_close_plain,
		[OP_RESET] = do_reset,
		[OP_DUP] = do_dup,
		[OP_REGISTER] = do_register,
		[OP_REREGISTER] = do_reregister,
		[OP_DEREGISTER] = do_deregister,
		[OP_REARM] = do_rearm,
		[OP_EVENT_ADD] = do_event_add,
		[OP_EVENT_TRIGGER] = do_event_trigger,
		[OP_EVENT_REMOVE] = do_event_remove,
		[OP_WAIT] = do_wait,
	};

	run[op->code](w, op);
}

/* Frees everything, the polls first or last. */
static void
clear(struct world *w, bool polls_first)
{
	int i;

	for (i = 0; polls_first && i < POLLS; i++)
		cmio_poll_unref(w->polls[i]);
	for (i = 0; i < USER_EVENTS; i++)
		if (w->model.events[i].on)
			cmio_user_event_remove(&w->events[i]);
	for (i = 0; i < SOURCES; i++) {
		if (!w->slots[i].used)
			continue;
		if (w->model.regs[i].stale)
			cmio_deregister(NULL, &w->slots[i].source);
		else
			close(cmio_release(&w->slots[i].source));
	}
	for (i = 0; !polls_first && i < POLLS; i++)
		cmio_poll_unref(w->polls[i]);
}

/* The lowest free number; if it is another afterwards, one has leaked. */
static int
lowest_free(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

void
run_program(const struct program *program, const char *selector,
    struct outcome *outcome, FILE *text)
{
	struct world w = {
		.outcome = outcome,
		.text = text,
		.selector = selector,
	};
	int i, before;

	memset(outcome, 0, sizeof(*outcome));
	before = lowest_free();
	w.model.splits = strcmp(selector, "epoll") != 0 &&
	    strcmp(selector, "poll") != 0;
	w.model.emulates = strcmp(selector, "poll") == 0 ||
	    strcmp(selector, "evport") == 0;
	for (i = 0; i < POLLS; i++) {
		w.polls[i] = cmio_poll_new(selector);
		if (w.polls[i] == NULL) {
			fail(&w, "cmio_poll_new: %s", strerror(errno));
			return;
		}
	}
	for (; w.at < program->n && !outcome->failed; w.at++)
		run_op(&w, &program->ops[w.at]);
	w.at = MOST_OPS;
	for (i = 0; i < POLLS && !outcome->failed; i++)
		wait_and_check(&w, i, MOST_EVENTS, OP_WAIT);
	clear(&w, program->n % 2);
	if (lowest_free() != before)
		fail(&w, "descriptor %d is left over", before);
}

static const char *
compare(const struct outcome *one, const struct outcome *other,
    char *message, size_t size)
{
	const struct result *a, *b;
	int i;

	for (i = 0; i < MOST_OPS; i++) {
		a = &one->results[i];
		b = &other->results[i];
		if (!a->exact || !b->exact ||
		    (a->rc == b->rc && a->error == b->error))
			continue;
		snprintf(message, size, "operation %d, %d: %d, errno %d, but "
		    "%d, errno %d", i, a->code, a->rc, a->error, b->rc,
		    b->error);
		return message;
	}
	return NULL;
}

const char *
run_on_each(const struct program *program, const char *const *selectors,
    char message[MESSAGE + 100])
{
	static struct outcome outcomes[8];
	const char *wrong;
	char buf[MESSAGE];
	int i;

	for (i = 0; selectors[i] != NULL && i < 8; i++) {
		run_program(program, selectors[i], &outcomes[i], NULL);
		if (outcomes[i].failed) {
			snprintf(message, MESSAGE + 100, "%s: %s",
			    selectors[i], outcomes[i].message);
			return message;
		}
	}
	for (i = 1; selectors[i] != NULL && i < 8; i++) {
		wrong = compare(&outcomes[0], &outcomes[i], buf, sizeof(buf));
		if (wrong != NULL) {
			snprintf(message, MESSAGE + 100, "%s, %s: %s",
			    selectors[0], selectors[i], wrong);
			return message;
		}
	}
	return NULL;
}
