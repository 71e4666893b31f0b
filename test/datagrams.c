/* SPDX-License-Identifier: MIT */
/*
 * Numbered datagrams of random sizes, in random batches and trains, between
 * two sockets, while system calls fail at random, or move less than they were
 * asked to: each datagram arrives once, whole and in order.
 *
 * datagrams [count [seed]]
 *
 * The libraries' sources are linked in, with calls.c in between.
 */
#include "config.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmio/udp.h>

#include "calls.h"
#include "selectors.h"
#include "unfit.h"

enum {
	NUMBER	= 4,			/* bytes of a datagram that say which */
	LARGEST	= 1400,
	ENTRIES	= 12,
	/* What the smallest default buffer of a socket takes. */
	ROUND	= 60,
	ROOM	= 65536,
	PATIENCE = 1000000000
};

static uint64_t random_state;
static bool faults;			/* calls may fail now */
static int refusals;			/* more of them are to come */
static unsigned long failed[CALL_COUNT], cut_batches, trains, joined;

static unsigned int
random_below(unsigned int n)
{
	random_state = random_state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (unsigned int)(random_state >> 33) % n;
}

static bool
fail(enum call call, int error)
{
	failed[call]++;
	errno = error;
	return true;
}

/*
 * A send fails once for an earlier datagram's sake, which never follows upon
 * another error; twice if the kernel cannot cut.
 */
static bool
send_fails(enum call call)
{
	static bool late;

	if (refusals > 0) {
		refusals--;
		late = true;
		return fail(call, EIO);
	}
	if (!late && random_below(16) == 0) {
		late = true;
		return fail(call, random_below(2) ? ECONNREFUSED :
		    EHOSTUNREACH);
	}
	late = false;
	if (random_below(16) == 0)
		return fail(call, EAGAIN);
	if (random_below(200) == 0) {
		refusals = 1;
		return fail(call, EIO);
	}
	return false;
}

bool
call_fails(enum call call)
{
	if (!faults)
		return false;
	if ((call == CALL_recvmmsg || call == CALL_sendmmsg) &&
	    random_below(8) == 0) {
		most_messages = 1 + random_below(4);
		cut_batches++;
	}
	if (call == CALL_sendmmsg || call == CALL_sendmsg)
		return send_fails(call);
	if (call != CALL_recvmmsg && call != CALL_recvmsg)
		return false;
	if (random_below(16) == 0)
		return fail(call, random_below(2) ? ECONNREFUSED : EAGAIN);
	return false;
}

static const char *selector;

static void
die(const char *what)
{
	faults = false;
	printf("%s: %s: %s\n", selector, what, strerror(errno));
	exit(1);
}

static void
need(bool good, const char *what)
{
	if (!good)
		die(what);
}

/* The ends, and what has gone and come. */
struct ends {
	struct cmio_poll	*poll;
	struct cmio_source	 from, to;
	struct cmio_addr	 addr;
	uint32_t		 sent, received, count;
	bool			 connected;
};

static unsigned char
byte_of(uint32_t number, size_t i)
{
	return (unsigned char)(number * 7 + i * 13);
}

/* The size of a datagram by its number alone, for a check of what came. */
static void
write_datagram(unsigned char *to, uint32_t number, size_t size)
{
	size_t i;

	memcpy(to, &number, NUMBER);
	for (i = NUMBER; i < size; i++)
		to[i] = byte_of(number, i);
}

static void
check_datagram(struct ends *ends, const unsigned char *bytes, size_t size)
{
	uint32_t number;
	size_t i;

	need(size >= NUMBER, "a datagram without its number");
	memcpy(&number, bytes, NUMBER);
	if (number != ends->received)
		printf("%u came, and not %u\n", number, ends->received);
	need(number == ends->received, "another datagram");
	for (i = NUMBER; i < size; i++)
		need(bytes[i] == byte_of(number, i), "a damaged datagram");
	ends->received++;
}

/* Fills one entry with so many datagrams; all are numbered when it goes. */
static void
fill_entry(struct ends *ends, struct cmio_datagrams *entry,
    unsigned char *buf, unsigned int n)
{
	size_t size = NUMBER + random_below(LARGEST - NUMBER), last;
	unsigned int i;

	memset(entry, 0, sizeof(*entry));
	entry->buf = buf;
	if (!ends->connected)
		entry->peer = ends->addr;
	entry->ecn = random_below(4);
	entry->segment = size;
	last = NUMBER + random_below((unsigned int)(size - NUMBER + 1));
	for (i = 0; i < n; i++) {
		if (i + 1 == n)
			size = last;
		write_datagram(buf + entry->len, ends->sent++, size);
		entry->len += size;
	}
	trains += n > 1;
}

static int
fill_entries(struct ends *ends, struct cmio_datagrams *entries)
{
	static unsigned char bufs[ENTRIES][ROUND * LARGEST];
	unsigned int left = ROUND, n;
	int i, most = 1 + (int)random_below(ENTRIES);

	for (i = 0; i < most && left > 0 && ends->sent < ends->count; i++) {
		n = random_below(3) == 0 ? 1 + random_below(left) : 1;
		if (n > ends->count - ends->sent)
			n = ends->count - ends->sent;
		fill_entry(ends, &entries[i], bufs[i], n);
		left -= n;
	}
	return i;
}

static void
wait_for(struct ends *ends, uintptr_t token)
{
	struct cmio_event events[2];
	int i, n;
	bool seen = false;

	while (!seen) {
		n = cmio_poll_wait(ends->poll, events, 2, PATIENCE);
		need(n > 0, "nothing happens");
		for (i = 0; i < n; i++)
			seen |= events[i].token == token;
	}
}

/* By the page, but that what was refused here is tried again, not skipped. */
static void
send_entries(struct ends *ends, struct cmio_datagrams *entries, int n)
{
	int rc;

	while (n > 0) {
		rc = cmio_send_datagrams(&ends->from, entries, n);
		need(rc != 0 && rc <= n, "a result out of range");
		if (rc > 0) {
			entries += rc;
			n -= rc;
		} else if (errno == EAGAIN)
			wait_for(ends, 1);
		else
			need(errno == EIO, "an error of another's");
		/* The kernel is asked again after some time. */
		if (random_below(50) == 0)
			need(cmio_udp_enable(&ends->from, 0) >= 0, "enable");
	}
}

static void
check_entry(struct ends *ends, const struct cmio_datagrams *entry)
{
	size_t at, left;

	need(entry->flags == 0, "a datagram that was cut off");
	joined += entry->segment < entry->len;
	for (at = 0; at < entry->len; at += entry->segment) {
		left = entry->len - at;
		check_datagram(ends, (unsigned char *)entry->buf + at,
		    left < entry->segment ? left : entry->segment);
	}
}

static void
receive_all(struct ends *ends)
{
	static unsigned char bufs[ENTRIES][ROOM];
	struct cmio_datagrams entries[ENTRIES];
	int i, n, rc;

	while (ends->received < ends->sent) {
		n = 1 + (int)random_below(ENTRIES);
		memset(entries, 0, sizeof(entries));
		for (i = 0; i < n; i++) {
			entries[i].buf = bufs[i];
			entries[i].len = sizeof(bufs[i]);
		}
		rc = cmio_recv_datagrams(&ends->to, entries, n);
		if (rc == -1 && errno == EAGAIN)
			wait_for(ends, 2);
		need(rc > 0 || (rc == -1 && (errno == EAGAIN ||
		    errno == ECONNREFUSED)), "cannot receive");
		for (i = 0; i < rc; i++)
			check_entry(ends, &entries[i]);
	}
}

/* Level: an event does not come again for an EAGAIN that is made up. */
static void
begin(struct ends *ends, const char *on, unsigned int features)
{
	struct cmio_addr addr;

	ends->poll = cmio_poll_new(selector);
	need(ends->poll != NULL, "no poll");
	need(cmio_addr_parse(&addr, on) == 0 &&
	    cmio_udp_bind(&ends->from, &addr) == 0 &&
	    cmio_udp_bind(&ends->to, &addr) == 0 &&
	    cmio_local_addr(&ends->to, &ends->addr) == 0, "no socket");
	if (ends->connected)
		need(cmio_connect(&ends->from, &ends->addr) == 0, "connect");
	need(cmio_udp_enable(&ends->from, 0) >= 0 &&
	    cmio_udp_enable(&ends->to, features) >= 0, "enable");
	need(cmio_register(ends->poll, &ends->from, 1,
	    CMIO_WRITABLE | CMIO_LEVEL) == 0 && cmio_register(ends->poll,
	    &ends->to, 2, CMIO_READABLE | CMIO_LEVEL) == 0, "register");
}

static void
transfer(const char *on, uint32_t count, unsigned int features,
    bool connected)
{
	struct ends ends = { .count = count, .connected = connected };
	struct cmio_datagrams entries[ENTRIES];
	int n;

	begin(&ends, on, features);
	faults = true;
	while (ends.sent < count) {
		n = fill_entries(&ends, entries);
		send_entries(&ends, entries, n);
		receive_all(&ends);
	}
	faults = false;
	need(cmio_recv_datagrams(&ends.to, entries, 1) == -1 &&
	    errno == EAGAIN, "one too many");
	cmio_close(&ends.from);
	cmio_close(&ends.to);
	cmio_poll_unref(ends.poll);
}

static bool
has_ipv6(void)
{
	struct cmio_source source;
	struct cmio_addr addr;

	if (cmio_addr_parse(&addr, "[::1]:0") == -1 ||
	    cmio_udp_bind(&source, &addr) == -1)
		return false;
	cmio_close(&source);
	return true;
}

int
main(int argc, char **argv)
{
	const char *names[MOST_SELECTORS + 1];
	const char *const *name;
	uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) :
	    20000;
	const unsigned int all = CMIO_UDP_COALESCE | CMIO_UDP_LOCAL |
	    CMIO_UDP_ECN;
	const char *why = why_unfit("datagrams");

	if (why != NULL) {
		printf("skipped: %s\n", why);
		return 77;
	}
	random_state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	for (name = selectors_to_test(names); *name != NULL; name++) {
		selector = *name;
		transfer("127.0.0.1:0", count / 4, 0, false);
		transfer("127.0.0.1:0", count / 4, all, false);
		transfer("127.0.0.1:0", count / 4, all, true);
		transfer(has_ipv6() ? "[::1]:0" : "127.0.0.1:0", count / 4,
		    all, false);
		printf("%s: %lu datagrams\n", selector,
		    (unsigned long)(count / 4) * 4);
	}
	printf("%lu trains, %lu came joined, %lu batches were cut short\n",
	    trains, joined, cut_batches);
	printf("failed: sendmsg %lu, sendmmsg %lu, recvmsg %lu,"
	    " recvmmsg %lu\n", failed[CALL_sendmsg], failed[CALL_sendmmsg],
	    failed[CALL_recvmsg], failed[CALL_recvmmsg]);
	return 0;
}
