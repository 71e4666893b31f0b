/* SPDX-License-Identifier: MIT */
/*
 * The text form of addresses, with numbers for hosts and services.
 *
 * cmio_addr_parse() reads the text of cmio_addr_format() as the same address.
 * A path is written unchanged, except that "./" is written before one that
 * begins with "@", because "@" begins an abstract name.  In an abstract name
 * a backslash and each byte that is not printable is written as \xHH.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "net/addr.h"
#include "net/net.h"
#include "port/result.h"
#include "port/sa_len.h"
#include "port/text.h"

#define UNIX_PREFIX	"unix:"
#define VSOCK_PREFIX	"vsock:"

enum { PORT_MAX = 65535 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
parse_port(const char *text, uint16_t *port)
{
	uint32_t number;
	int rc;

	rc = cmio__parse_number(text, strlen(text), PORT_MAX, &number);
	if (rc == 0)
		*port = htons((uint16_t)number);
	return rc;
}

/* Copies n bytes of text into a string. */
static int
copy(char *to, size_t room, const char *text, size_t n)
{
	if (n == 0 || n >= room)
		return -EINVAL;
	memcpy(to, text, n);
	to[n] = '\0';
	return 0;
}

static int
parse_v4(struct cmio_addr *addr, const char *text)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	const char *colon = strchr(text, ':');
	int rc;

	if (colon == NULL)
		return -EINVAL;
	rc = cmio__parse_v4_host(text, (size_t)(colon - text),
	    (unsigned char *)&sin.sin_addr);
	if (rc == 0)
		rc = parse_port(colon + 1, &sin.sin_port);
	if (rc == 0)
		cmio__set_addr(addr, &sin, sizeof(sin));
	return rc;
}

/* The number or the name of an interface. */
static int
parse_zone(const char *text, size_t n, uint32_t *zone)
{
	char name[IF_NAMESIZE];
	int rc;

	if (n != 0 && is_digit(text[0]))
		return cmio__parse_number(text, n, UINT32_MAX, zone);
	rc = copy(name, sizeof(name), text, n);
	if (rc != 0)
		return rc;
	*zone = cmio__sys_if_nametoindex(name);
	return *zone == 0 ? -ENXIO : 0;
}

/* The text before the closing bracket. */
static int
parse_host_and_zone(struct sockaddr_in6 *sin6, const char *text, size_t n)
{
	const char *percent = memchr(text, '%', n);
	size_t host_n = n;
	uint32_t zone;
	int rc;

	if (percent != NULL)
		host_n = (size_t)(percent - text);
	rc = cmio__parse_v6_host(text, host_n,
	    (unsigned char *)&sin6->sin6_addr);
	if (rc != 0 || percent == NULL)
		return rc;
	rc = parse_zone(percent + 1, n - host_n - 1, &zone);
	if (rc == 0)
		sin6->sin6_scope_id = zone;
	return rc;
}

static int
parse_v6(struct cmio_addr *addr, const char *text)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	const char *end = strrchr(text, ']');
	int rc;

	if (end == NULL || end[1] != ':')
		return -EINVAL;
	rc = parse_port(end + 2, &sin6.sin6_port);
	if (rc == 0)
		rc = parse_host_and_zone(&sin6, text,
		    (size_t)(end - text));
	if (rc == 0)
		cmio__set_addr(addr, &sin6, sizeof(sin6));
	return rc;
}

/* Reads a byte of an abstract name; returns the length of its text or 0. */
static size_t
unescape(const char *text, char *byte)
{
	int high, low;

	*byte = text[0];
	if (text[0] != '\\')
		return 1;
	if (text[1] != 'x')
		return 0;
	high = cmio__hex_value(text[2]);
	low = high == -1 ? -1 : cmio__hex_value(text[3]);
	if (low == -1)
		return 0;
	*byte = (char)(high << 4 | low);
	return 4;
}

static int
parse_abstract(struct cmio_addr *addr, const char *text)
{
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	size_t len = 1, used;

	for (name[0] = '\0'; *text != '\0'; text += used) {
		if (len == sizeof(name))
			return -ENAMETOOLONG;
		used = unescape(text, &name[len++]);
		if (used == 0)
			return -EINVAL;
	}
	return cmio__addr_unix(addr, name, len);
}

static int
parse_unix(struct cmio_addr *addr, const char *text)
{
	if (text[0] == '\0')
		return -EINVAL;
	if (text[0] == '@')
		return parse_abstract(addr, text + 1);
	return cmio__addr_unix(addr, text, strlen(text));
}

int
cmio_addr_parse(struct cmio_addr *addr, const char *text)
{
	int rc;

	if (addr == NULL || text == NULL)
		return cmio__result(-EINVAL);
	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		rc = parse_unix(addr, text + strlen(UNIX_PREFIX));
	else if (strncmp(text, VSOCK_PREFIX, strlen(VSOCK_PREFIX)) == 0)
		rc = cmio__parse_vsock(addr, text + strlen(VSOCK_PREFIX));
	else if (text[0] == '[')
		rc = parse_v6(addr, text + 1);
	else
		rc = parse_v4(addr, text);
	return cmio__result(rc);
}

static void
add_port(struct text *text, uint16_t port)
{
	cmio__text_add(text, ":");
	cmio__text_add_number(text, ntohs(port), 10);
}

static void
format_v4(struct text *text, const struct sockaddr_in *sin)
{
	char host[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &sin->sin_addr, host, sizeof(host));
	cmio__text_add(text, host);
	add_port(text, sin->sin_port);
}

/* An interface name that is a number would be parsed as a number. */
static void
add_zone(struct text *text, uint32_t zone)
{
	char name[IF_NAMESIZE];

	cmio__text_add(text, "%");
	if (cmio__sys_if_indextoname(zone, name) != NULL && !is_digit(name[0]))
		cmio__text_add(text, name);
	else
		cmio__text_add_number(text, zone, 10);
}

static void
format_v6(struct text *text, const struct sockaddr_in6 *sin6)
{
	char host[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &sin6->sin6_addr, host, sizeof(host));
	cmio__text_add(text, "[");
	cmio__text_add(text, host);
	if (sin6->sin6_scope_id != 0)
		add_zone(text, sin6->sin6_scope_id);
	cmio__text_add(text, "]");
	add_port(text, sin6->sin6_port);
}

static void
add_escaped(struct text *text, unsigned char byte)
{
	const char escaped[] = {
		'\\', 'x', HEX_DIGITS[byte >> 4], HEX_DIGITS[byte & 15]
	};

	if (byte < ' ' || byte == 0x7f || byte == '\\')
		cmio__text_add_bytes(text, escaped, sizeof(escaped));
	else
		cmio__text_add_bytes(text, &byte, 1);
}

static void
format_unix(struct text *text, const struct cmio_addr *addr)
{
	const char *name;
	size_t i, len;

	cmio__text_add(text, UNIX_PREFIX);
	name = cmio_addr_unix_name(addr, &len);
	if (name == NULL)
		return;
	if (name[0] != '\0') {
		cmio__text_add(text, name[0] == '@' ? "./" : "");
		cmio__text_add_bytes(text, name, len);
		return;
	}
	cmio__text_add(text, "@");
	for (i = 1; i < len; i++)
		add_escaped(text, (unsigned char)name[i]);
}

static int
format(struct text *text, const struct cmio_addr *addr)
{
	/* No address. */
	if (addr->len == 0)
		return 0;
	if (!cmio__addr_ok(addr))
		return -EINVAL;
	switch (addr->ss.ss_family) {
	case AF_INET:
		if ((size_t)addr->len < sizeof(struct sockaddr_in))
			return -EINVAL;
		format_v4(text, (const struct sockaddr_in *)&addr->ss);
		return 0;
	case AF_INET6:
		if ((size_t)addr->len < sizeof(struct sockaddr_in6))
			return -EINVAL;
		format_v6(text, (const struct sockaddr_in6 *)&addr->ss);
		return 0;
	case AF_UNIX:
		format_unix(text, addr);
		return 0;
	case AF_UNSPEC:
		return 0;
	default:
		return cmio__format_vsock(text, addr);
	}
}

int
cmio_addr_format(const struct cmio_addr *addr, char *buf, size_t size)
{
	struct text text = TEXT_TO(buf, size);
	int rc;

	if (addr == NULL || (buf == NULL && size != 0))
		return cmio__result(-EINVAL);
	rc = format(&text, addr);
	if (rc != 0)
		return cmio__result(rc);
	return cmio__text_end(&text);
}
