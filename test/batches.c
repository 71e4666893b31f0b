/* SPDX-License-Identifier: MIT */
/* What batches.h says. */
#include "batches.h"

enum { BATCHES = 64 };

unsigned char received_bytes[BATCHES][ROOM];

void
open_pair(struct batch_pair *pair, int selector, const char *on)
{
	struct cmio_addr addr = address(on);

	pair->poll = open_selector(selector);
	ck_assert_ok(cmio_udp_bind(&pair->a, &addr));
	ck_assert_ok(cmio_udp_bind(&pair->b, &addr));
	pair->a_addr = local_address(&pair->a);
	pair->b_addr = local_address(&pair->b);
	ck_assert_ok(cmio_register(pair->poll, &pair->b, B, CMIO_READABLE));
}

void
close_pair(struct batch_pair *pair)
{
	close_sources(&pair->a, &pair->b);
	cmio_poll_unref(pair->poll);
}

unsigned char
byte_of(unsigned int number, size_t n)
{
	return (unsigned char)(number * 31 + n * 7 + (n >> 8));
}

void
fill_entry(struct cmio_datagrams *entry, void *buf, unsigned int number,
    int datagrams, size_t size, const struct cmio_addr *peer)
{
	unsigned char *at = buf;
	size_t i;
	int k;

	memset(entry, 0, sizeof(*entry));
	entry->buf = buf;
	entry->len = (size_t)datagrams * size;
	entry->segment = datagrams > 1 ? size : 0;
	if (peer != NULL)
		entry->peer = *peer;
	for (k = 0; k < datagrams; k++)
		for (i = 0; i < size; i++)
			*at++ = byte_of(number + (unsigned int)k, i);
}

void
send_whole(struct cmio_source *source, struct cmio_datagrams *entries, int n)
{
	int sent = 0, rc;

	while (sent < n) {
		rc = cmio_send_datagrams(source, entries + sent, n - sent);
		if (rc == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			await(source, CMIO_WRITABLE);
			continue;
		}
		ck_assert_int_gt(rc, 0);
		ck_assert_int_le(rc, n - sent);
		sent += rc;
	}
	for (sent = 0; sent < n; sent++)
		ck_assert_uint_eq(entries[sent].done, 0);
}

static void
prepare(struct cmio_datagrams *entries, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		memset(&entries[i], 0, sizeof(entries[i]));
		entries[i].buf = received_bytes[i];
		entries[i].len = ROOM;
	}
}

static int
receive(struct cmio_poll *poll, struct cmio_source *source, uintptr_t token,
    struct cmio_datagrams *entries, int n)
{
	int rc;

	ck_assert_int_le(n, BATCHES);
	for (;;) {
		prepare(entries, n);
		rc = cmio_recv_datagrams(source, entries, n);
		if (rc > 0)
			return rc;
		ck_assert_int_eq(rc, -1);
		ck_assert_int_eq(errno, EAGAIN);
		wait_for(poll, token, CMIO_READABLE);
	}
}

struct cmio_datagrams
receive_one(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token)
{
	struct cmio_datagrams entry;

	ck_assert_int_eq(receive(poll, source, token, &entry, 1), 1);
	return entry;
}

/* An assertion takes much longer than a byte. */
static bool
is_datagram(const unsigned char *at, unsigned int number, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (at[i] != byte_of(number, i))
			return false;
	return true;
}

/* Returns how many datagrams the entry holds. */
static int
check_entry(const struct cmio_datagrams *entry, unsigned int number,
    size_t size, const struct cmio_addr *peer)
{
	const unsigned char *at = entry->buf;
	int n = 0;

	ck_assert_uint_eq(entry->flags, 0);
	ck_assert_uint_eq(entry->segment, size);
	ck_assert_uint_eq(entry->len % size, 0);
	if (peer != NULL)
		check_same_address(&entry->peer, peer);
	for (; at < (unsigned char *)entry->buf + entry->len; at += size) {
		ck_assert(is_datagram(at, number + (unsigned int)n, size));
		n++;
	}
	return n;
}

int
expect_datagrams(struct cmio_poll *poll, struct cmio_source *source,
    uintptr_t token, unsigned int number, int datagrams, size_t size,
    int batch, const struct cmio_addr *peer)
{
	struct cmio_datagrams entries[BATCHES];
	int all = 0, i, largest = 0, n, rc;

	while (all < datagrams) {
		rc = receive(poll, source, token, entries, batch);
		for (i = 0; i < rc; i++) {
			n = check_entry(&entries[i],
			    number + (unsigned int)all, size, peer);
			if (n > largest)
				largest = n;
			all += n;
		}
	}
	ck_assert_int_eq(all, datagrams);
	return largest;
}
