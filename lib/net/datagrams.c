/* SPDX-License-Identifier: MIT */
/*
 * Datagrams in batches: what is asked for is checked, cut into what one
 * system call takes, and accounted for.
 *
 * A send ends where the kernel has taken fewer messages than it was given,
 * and says why only if the first entry was not sent.  An entry that was sent
 * in part keeps its place in done, so that nothing is sent twice.
 */
#include "config.h"

#include <errno.h>

#include "net/control.h"
#include "net/datagrams.h"
#include "net/io.h"
#include "port/result.h"

enum { ECN_MAX = 3 };

/*
 * Bytes for a stream would be sent without their boundaries.  A socket that
 * cmio_udp_enable() has seen is none.
 */
static int
check_socket(const struct cmio_source *source)
{
	int type;

	if (source->kind & KIND_UDP)
		return 0;
	type = cmio__option(source->fd, SOL_SOCKET, SO_TYPE);
	if (type < 0)
		return type;
	return type == SOCK_DGRAM ? 0 : -EPROTOTYPE;
}

static bool
reserved_ok(const struct cmio_datagrams *entry)
{
	return (entry->reserved | entry->reserved2[0] |
	    entry->reserved2[1]) == 0 &&
	    (entry->buf != NULL || entry->len == 0);
}

static int
check_addr(const struct cmio_addr *addr)
{
	if (addr->len == 0)
		return 0;
	if (!cmio__addr_ok(addr))
		return -EINVAL;
	if (addr->ss.ss_family == AF_INET)
		return (size_t)addr->len >= sizeof(struct sockaddr_in) ? 0 :
		    -EINVAL;
	if (addr->ss.ss_family == AF_INET6)
		return (size_t)addr->len >= sizeof(struct sockaddr_in6) ? 0 :
		    -EINVAL;
	return -EAFNOSUPPORT;
}

/* A packet has one family, whatever the addresses look like. */
static int
check_families(const struct cmio_datagrams *entry)
{
	struct in_addr v4;

	if (entry->peer.len != 0 && entry->local.len != 0 &&
	    cmio__addr_v4(&entry->peer, &v4) !=
	    cmio__addr_v4(&entry->local, &v4))
		return -EAFNOSUPPORT;
	return 0;
}

static bool
is_train(const struct cmio_datagrams *entry)
{
	return entry->segment != 0 && entry->segment < entry->len;
}

/* Where a datagram of the entry begins. */
static bool
done_ok(const struct cmio_datagrams *entry)
{
	return entry->done == 0 || (is_train(entry) &&
	    entry->done < entry->len && entry->done % entry->segment == 0);
}

static int
check_send(const struct cmio_datagrams *entry)
{
	int rc;

	if (!reserved_ok(entry) || entry->segment > DATAGRAM_MAX ||
	    entry->ecn > ECN_MAX || !done_ok(entry))
		return -EINVAL;
	rc = check_addr(&entry->peer);
	if (rc == 0)
		rc = check_addr(&entry->local);
	return rc == 0 ? check_families(entry) : rc;
}

static int
check(const struct cmio_source *source, const struct cmio_datagrams *entries,
    int n)
{
	if (source == NULL || entries == NULL || n < 1)
		return -EINVAL;
	return check_socket(source);
}

static int
recv_all(struct cmio_source *source, struct cmio_datagrams *entries, int n)
{
	int i, part, rc, got = 0;

	rc = check(source, entries, n);
	for (i = 0; rc == 0 && i < n; i++)
		rc = reserved_ok(&entries[i]) ? 0 : -EINVAL;
	if (rc != 0)
		return rc;
	do {
		part = n - got < BATCH ? n - got : BATCH;
		rc = cmio__recv_batch(source->fd, entries + got, part);
		if (rc < 0)
			return got > 0 ? got : rc;
		got += rc;
	} while (rc == part && got < n);
	return got;
}

/* Fewer than were asked for: what there is after this is an event. */
static int
end(struct cmio_source *source, unsigned int direction, int rc, int n)
{
	if (rc < 0 && cmio__is_would_block(-rc))
		rc = -EAGAIN;
	if (rc == -EAGAIN || (rc >= 0 && rc < n))
		cmio__rearm(source, direction);
	return cmio__result(rc);
}

int
cmio_recv_datagrams(struct cmio_source *source,
    struct cmio_datagrams *entries, int n)
{
	return end(source, CMIO_READABLE, recv_all(source, entries, n), n);
}

/* What is sent to, and how. */
struct sender {
	struct cmio_source	*source;
	bool			 kernel_cuts;
	/* The addresses of the socket; len 0 if nobody had to ask. */
	struct cmio_addr	 connected;
	struct cmio_addr	 bound;
};

/*
 * FreeBSD and OpenBSD refuse a source address for a socket that is bound to
 * one, even to the same.
 */
static bool
is_bound_to(const struct sender *sender, const struct cmio_addr *local)
{
	struct in_addr bound, v4;

	return sender->bound.len != 0 && local->len != 0 &&
	    cmio__addr_v4(&sender->bound, &bound) &&
	    cmio__addr_v4(local, &v4) && v4.s_addr == bound.s_addr;
}

/* The piece of the entry that begins at a byte of it. */
static struct piece
cut(const struct sender *sender, struct cmio_datagrams *entry, size_t at)
{
	static const struct cmio_addr none = { .len = 0 };
	struct piece piece = {
		.entry = entry, .peer = &entry->peer, .local = &entry->local,
		.at = at,
	};
	size_t most;

	if (entry->peer.len == 0)
		piece.peer = &sender->connected;
	if (is_bound_to(sender, piece.local))
		piece.local = &none;
	piece.len = entry->len - at;
	if (!is_train(entry))
		return piece;
	most = entry->segment *
	    cmio__most_datagrams(entry->segment, sender->kernel_cuts);
	if (piece.len > most)
		piece.len = most;
	if (piece.len > entry->segment)
		piece.segment = entry->segment;
	return piece;
}

/* Returns how many pieces there are, at least one. */
static int
cut_all(const struct sender *sender, struct piece *pieces,
    struct cmio_datagrams *entries, int n)
{
	size_t at = entries->done;
	int count = 0, i = 0;

	while (count < BATCH && i < n) {
		pieces[count] = cut(sender, &entries[i], at);
		at += pieces[count++].len;
		if (at >= entries[i].len && ++i < n)
			at = entries[i].done;
	}
	return count;
}

/* Returns how many entries are whole with these pieces. */
static int
account(const struct piece *pieces, int n)
{
	struct cmio_datagrams *entry;
	int i, whole = 0;

	for (i = 0; i < n; i++) {
		entry = pieces[i].entry;
		entry->done = pieces[i].at + pieces[i].len;
		if (entry->done < entry->len)
			continue;
		entry->done = 0;
		whole++;
	}
	return whole;
}

/*
 * An error may be an earlier datagram's, which the kernel reports once, in
 * place of sending.  What comes a second time is this one's.
 */
static int
send_past_errors(cmio_fd fd, const struct piece *pieces, int n)
{
	int rc;

	rc = cmio__send_batch(fd, pieces, n);
	if (rc >= 0 || cmio__is_would_block(-rc))
		return rc;
	return cmio__send_batch(fd, pieces, 1);
}

/* What a kernel says that does not cut, or not datagrams of this size. */
static bool
may_be_of_cutting(int error)
{
	return error == -EIO || error == -EINVAL || error == -EMSGSIZE;
}

/*
 * If the kernel refuses a train, its first datagram by itself tells whether
 * it is the cutting.  A datagram larger than the route takes can go in
 * fragments, and a train cannot, which says nothing of the next train.
 */
static int
send_pieces(struct sender *sender, struct piece *pieces, int n)
{
	struct cmio_source *source = sender->source;
	int error, rc;

	error = send_past_errors(source->fd, pieces, n);
	if (pieces->segment == 0 || !may_be_of_cutting(error))
		return error;
	sender->kernel_cuts = false;
	pieces->len = pieces->segment;
	pieces->segment = 0;
	rc = send_past_errors(source->fd, pieces, 1);
	if (rc == 1 && error != -EMSGSIZE)
		source->kind &= ~(unsigned int)KIND_UDP;
	return rc;
}

static int
send_all(struct sender *sender, struct cmio_datagrams *entries, int n)
{
	struct piece pieces[BATCH];
	int count, rc, sent = 0;

	do {
		count = cut_all(sender, pieces, entries + sent, n - sent);
		rc = send_pieces(sender, pieces, count);
		if (rc < 0)
			return sent > 0 ? sent : rc;
		sent += account(pieces, rc);
	} while (sent < n && (rc == count || sent == 0));
	return sent;
}

/* An interface is named in the message of the packet's family. */
static bool
needs_peer(const struct cmio_datagrams *entry)
{
	return entry->ifindex != 0 && entry->local.len == 0 &&
	    entry->peer.len == 0;
}

/* Asks the kernel for what the entries need. */
static void
ask(struct sender *sender, const struct cmio_datagrams *entries, int n)
{
	bool peer = false, local = false;
	int i;

	for (i = 0; i < n; i++) {
		peer |= needs_peer(&entries[i]);
		local |= !CMIO_UDP_PKTINFO && entries[i].local.len != 0;
	}
	if (!peer || cmio_peer_addr(sender->source, &sender->connected) == -1)
		sender->connected.len = 0;
	if (!local || cmio_local_addr(sender->source, &sender->bound) == -1)
		sender->bound.len = 0;
}

int
cmio_send_datagrams(struct cmio_source *source,
    struct cmio_datagrams *entries, int n)
{
	struct sender sender;
	int i, rc;

	rc = check(source, entries, n);
	for (i = 0; rc == 0 && i < n; i++)
		rc = check_send(&entries[i]);
	if (rc != 0)
		return cmio__result(rc);
	sender.source = source;
	sender.kernel_cuts = cmio__kernel_cuts(source);
	ask(&sender, entries, n);
	cmio__before_send(source);
	return end(source, CMIO_WRITABLE, send_all(&sender, entries, n), n);
}
