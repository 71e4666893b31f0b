/* SPDX-License-Identifier: MIT */
/* The checks of input.h. */
#include "config.h"

#include <sys/socket.h>

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <cmio/net.h>

#include "input.h"

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

const char *
input_check(const uint8_t *bytes, size_t size)
{
	char text[ROOM];
	unsigned int ready = 0;

	if (size < 2)
		return NULL;
	switch (bytes[0] % 6) {
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
	default:
		memcpy(&ready, bytes + 1, size - 1 < sizeof(ready) ?
		    size - 1 : sizeof(ready));
		if (cmio_ready_format(ready, text, bytes[1] % ROOM) < 0)
			return "a readiness without a text";
		return NULL;
	}
}
