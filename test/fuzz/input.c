/* SPDX-License-Identifier: MIT */
/* The checks of input.h. */
#include "config.h"

#include <sys/socket.h>

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <cmio/net.h>

#include "input.h"
#include "net/control.h"

enum { ROOM = 300, VECTORS = 8 };

static bool
same(const struct cmio_addr *a, const struct cmio_addr *b)
{
	return a->len == b->len && memcmp(&a->ss, &b->ss, a->len) == 0;
}

/* The text of an address is parsed as the same address. */
static const char *
check_round_trip(const struct cmio_addr *addr)
{
	char text[ROOM], small[8];
	struct cmio_addr again;
	int n;

	n = cmio_addr_format(addr, text, sizeof(text));
	if (n < 0 || n >= ROOM)
		return "an address without a text";
	if (cmio_addr_parse(&again, text) == -1)
		return "the text of an address is not read";
	if (!same(addr, &again))
		return "the text of an address is another's";
	memset(small, 'z', sizeof(small));
	if (cmio_addr_format(addr, small, 5) != n || small[5] != 'z')
		return "a short buffer changes the length, or overflows";
	return NULL;
}

static const char *
check_text(const uint8_t *bytes, size_t size)
{
	struct cmio_addr addr;
	char text[ROOM];

	if (size >= sizeof(text))
		size = sizeof(text) - 1;
	memcpy(text, bytes, size);
	text[size] = '\0';
	memset(&addr, 0, sizeof(addr));
	if (cmio_addr_parse(&addr, text) == -1)
		return NULL;
	if (addr.len == 0 || addr.len > sizeof(addr.ss))
		return "an address of no length";
	if (addr.ss.ss_family == AF_UNIX)
		return NULL;
	return check_round_trip(&addr);
}

static const char *
check_name(const uint8_t *bytes, size_t size)
{
	struct cmio_addr addr;
	const void *name;
	size_t len = SIZE_MAX;
	char text[ROOM];

	if (cmio_addr_unix(&addr, bytes, size) == -1)
		return NULL;
	name = cmio_addr_unix_name(&addr, &len);
	if (size == 0)
		return name == NULL ? NULL : "a name of nothing";
	if (name == NULL || len != size || memcmp(name, bytes, size) != 0)
		return "another name";
	cmio_addr_format(&addr, text, sizeof(text));
	return NULL;
}

/* Addresses as a kernel or an incorrect program may fill them. */
static const char *
check_raw(const uint8_t *bytes, size_t size)
{
	struct cmio_addr addr;
	char text[ROOM];
	size_t len;
	int n;

	memset(&addr, 0, sizeof(addr));
	memcpy(&addr, bytes, size < sizeof(addr) ? size : sizeof(addr));
	n = cmio_addr_format(&addr, text, sizeof(text));
	if (n >= 0 && strlen(text) > (size_t)n)
		return "a text longer than its length";
	(void)cmio_addr_unix_name(&addr, &len);
	return NULL;
}

static const char *
check_options(const uint8_t *bytes, size_t size)
{
	struct cmio_keepalive keepalive;
	struct cmio_source source;
	int value[5] = { 0 };

	memcpy(value, bytes, size < sizeof(value) ? size : sizeof(value));
	if (cmio_socket(&source, AF_INET, bytes[0] % 2 ? SOCK_STREAM :
	    SOCK_DGRAM, 0) == -1)
		return NULL;
	(void)cmio_set_ttl(&source, value[1]);
	(void)cmio_set_multicast_ttl_v4(&source, value[1]);
	(void)cmio_set_linger(&source, value[2]);
	(void)cmio_set_nodelay(&source, value[2]);
	(void)cmio_set_recv_buffer_size(&source, value[3]);
	(void)cmio_set_send_buffer_size(&source, value[3]);
	keepalive = (struct cmio_keepalive){
		value[0], value[1], value[2], value[4],
	};
	(void)cmio_set_keepalive(&source, &keepalive);
	if (cmio_ttl(&source) < 1 || cmio_ttl(&source) > 255)
		return "a TTL that is none";
	cmio_close(&source);
	return NULL;
}

/* Parts of one buffer, of any length. */
static const char *
check_vectors(const uint8_t *bytes, size_t size)
{
	static char from[4096], to[4096];
	struct iovec iov[VECTORS];
	struct cmio_source ends[2];
	size_t i, at = 0, sum = 0;
	ssize_t n, m;

	for (i = 0; i < sizeof(from); i++)
		from[i] = (char)i;
	for (i = 0; i < VECTORS && i < size; i++) {
		iov[i].iov_base = from + at;
		iov[i].iov_len = bytes[i];
		at += bytes[i];
	}
	if (cmio_unix_pair(ends, SOCK_STREAM) == -1)
		return NULL;
	sum = at;
	n = cmio_writev(&ends[0], iov, (int)i);
	m = cmio_read(&ends[1], to, sizeof(to));
	cmio_close(&ends[0]);
	cmio_close(&ends[1]);
	if (n != (ssize_t)sum || (sum != 0 && m != n))
		return "a vector of another length";
	return memcmp(from, to, sum) == 0 ? NULL : "a vector in disorder";
}

/* Messages that a kernel might send, of lengths that it would not. */
static void
add_messages(struct control *control, const uint8_t *bytes, size_t size)
{
	static const int messages[][2] = {
		{ IPPROTO_IP, CMIO_IP_TOS },
		{ IPPROTO_IP, CMIO_IP_RECVPKTINFO },
		{ IPPROTO_IP, CMIO_IP_RECVDSTADDR },
		{ IPPROTO_IPV6, CMIO_IPV6_TCLASS },
		{ IPPROTO_IPV6, IPV6_PKTINFO },
		{ IPPROTO_UDP, CMIO_UDP_JOIN },
		{ SOL_SOCKET, 1 },
	};
	size_t i, len;
	const int *message;

	control->len = 0;
	for (i = 0; i + 2 < size && control->len < CONTROL_ROOM / 2; i += 2) {
		message = messages[bytes[i] % 7];
		len = bytes[i + 1] % 24;
		if (len > size - i)
			len = size - i;
		cmio__control_add(control, message[0], message[1], bytes + i,
		    len);
	}
}

/* Whatever stands there, an entry is one that a program can walk over. */
static const char *
check_control(const uint8_t *bytes, size_t size)
{
	struct cmio_datagrams entry;
	struct control control;
	const size_t len = bytes[0] * 4u;

	memset(&entry, 0xee, sizeof(entry));
	add_messages(&control, bytes, size);
	if (control.len != 0 && bytes[0] % 2 == 0)
		control.data.bytes[bytes[size / 2] % control.len] ^=
		    bytes[size - 1];
	if (control.len != 0 && bytes[0] % 4 == 0)
		control.len -= bytes[size - 1] % control.len;
	cmio__received(&entry, len, size % 2, size % 3 == 0,
	    control.data.bytes, control.len);
	if (entry.len != len || entry.done != 0)
		return "a received entry of another length";
	if (entry.segment > DATAGRAM_MAX ||
	    (len != 0 && entry.segment == 0) || entry.ecn > 3)
		return "a received entry out of range";
	if (entry.segment > len && entry.flags == 0)
		return "a datagram that is not all there";
	if (entry.local.len != 0 &&
	    entry.local.len != sizeof(struct sockaddr_in) &&
	    entry.local.len != sizeof(struct sockaddr_in6))
		return "a local address of no length";
	return NULL;
}

const char *
input_check(const uint8_t *bytes, size_t size)
{
	char text[ROOM];
	unsigned int ready = 0;

	if (size < 2)
		return NULL;
	switch (bytes[0] % 7) {
	case 0:
		return check_text(bytes + 1, size - 1);
	case 1:
		return check_name(bytes + 1, size - 1);
	case 2:
		return check_raw(bytes + 1, size - 1);
	case 3:
		return check_options(bytes + 1, size - 1);
	case 4:
		return check_vectors(bytes + 1, size - 1);
	case 5:
		return check_control(bytes + 1, size - 1);
	default:
		memcpy(&ready, bytes + 1, size - 1 < sizeof(ready) ?
		    size - 1 : sizeof(ready));
		if (cmio_ready_format(ready, text, bytes[1] % ROOM) < 0)
			return "a readiness without a text";
		return NULL;
	}
}
