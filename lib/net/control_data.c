/* SPDX-License-Identifier: MIT */
/*
 * Control messages one by one: see control.h.
 *
 * The walk over what was read relies on the length that the kernel gave and
 * on nothing inside: a header is copied out before it is looked at, and a
 * message that is shorter than its header, or longer than what is left, ends
 * the walk.
 */
#include "config.h"

#include <string.h>

#include "net/control.h"
#include "port/control.h"
#include "port/sa_len.h"

void
cmio__control_add(struct control *control, int level, int type,
    const void *data, size_t len)
{
	unsigned char *at = control->data.bytes + control->len;
	struct control_header header = { 0 };

	header.cmsg_len = CONTROL_LEN(len);
	header.cmsg_level = level;
	header.cmsg_type = type;
	memset(at, 0, CONTROL_SPACE(len));
	memcpy(at, &header, sizeof(header));
	memcpy(at + CONTROL_LEN(0), data, len);
	control->len += CONTROL_SPACE(len);
}

bool
cmio__control_next(const unsigned char **at, size_t *len,
    struct control_message *message)
{
	struct control_header header;
	size_t space;

	if (*len < CONTROL_LEN(0))
		return false;
	memcpy(&header, *at, sizeof(header));
	if (header.cmsg_len < CONTROL_LEN(0) || header.cmsg_len > *len)
		return false;
	message->level = header.cmsg_level;
	message->type = header.cmsg_type;
	message->data = *at + CONTROL_LEN(0);
	message->len = header.cmsg_len - CONTROL_LEN(0);
	space = CONTROL_SPACE(message->len);
	if (space > *len)
		space = *len;
	*at += space;
	*len -= space;
	return true;
}

int
cmio__control_number(const struct control_message *message)
{
	uint16_t two;
	int four;

	switch (message->len) {
	case 1:
		return message->data[0];
	case sizeof(two):
		memcpy(&two, message->data, sizeof(two));
		return two;
	case sizeof(four):
		memcpy(&four, message->data, sizeof(four));
		return four < 0 ? -1 : four;
	default:
		return -1;
	}
}

bool
cmio__addr_v4(const struct cmio_addr *addr, struct in_addr *v4)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)&addr->ss;
	const struct sockaddr_in6 *sin6 =
	    (const struct sockaddr_in6 *)&addr->ss;

	if (addr->ss.ss_family == AF_INET) {
		*v4 = sin->sin_addr;
		return true;
	}
	if (!IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr))
		return false;
	memcpy(v4, &sin6->sin6_addr.s6_addr[12], sizeof(*v4));
	return true;
}

void
cmio__addr_set_v4(struct cmio_addr *addr, const struct in_addr *v4)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr = *v4 };

	memcpy(&addr->ss, &sin, sizeof(sin));
	addr->len = sizeof(sin);
	cmio__set_sa_len(&addr->ss, addr->len);
}
