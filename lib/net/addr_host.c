/* SPDX-License-Identifier: MIT */
/*
 * The hosts in the text form of addresses.  inet_pton(3) of some systems
 * takes more, for example zeros before a number.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "net/addr.h"

enum { GROUPS = 8, GROUP_DIGITS = 4 };

int
cmio__parse_v4_host(const char *text, size_t n, unsigned char bytes[4])
{
	const char *end = text + n, *dot;
	uint32_t number;
	int i, rc;

	for (i = 0; i < 4; i++, text = dot + 1) {
		dot = i == 3 ? end : memchr(text, '.', (size_t)(end - text));
		if (dot == NULL)
			return -EINVAL;
		rc = cmio__parse_number(text, (size_t)(dot - text), 255,
		    &number);
		if (rc != 0)
			return rc;
		bytes[i] = (unsigned char)number;
	}
	return 0;
}

/* One group of hexadecimal digits. */
static int
parse_group(const char *text, size_t n, unsigned char bytes[2])
{
	unsigned int value = 0;
	int digit;
	size_t i;

	if (n == 0 || n > GROUP_DIGITS)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		digit = cmio__hex_value(text[i]);
		if (digit == -1)
			return -EINVAL;
		value = value << 4 | (unsigned int)digit;
	}
	bytes[0] = (unsigned char)(value >> 8);
	bytes[1] = (unsigned char)value;
	return 0;
}

/*
 * Groups with a colon between any two.  Two of them may be written as an IPv4
 * address at the end of the whole text.  Returns how many there are, or a
 * negative errno number.
 */
static int
parse_groups(const char *text, size_t n, bool last, unsigned char *bytes)
{
	const char *colon;
	int count = 0, rc;
	size_t len;

	if (n == 0)
		return 0;
	for (;;) {
		colon = memchr(text, ':', n);
		len = colon != NULL ? (size_t)(colon - text) : n;
		if (last && colon == NULL && memchr(text, '.', n) != NULL) {
			if (count > GROUPS - 2)
				return -EINVAL;
			rc = cmio__parse_v4_host(text, n, bytes + 2 * count);
			return rc == 0 ? count + 2 : rc;
		}
		if (count == GROUPS)
			return -EINVAL;
		rc = parse_group(text, len, bytes + 2 * count++);
		if (rc != 0 || colon == NULL)
			return rc == 0 ? count : rc;
		text += len + 1;
		n -= len + 1;
	}
}

/* Where the first "::" begins, or NULL. */
static const char *
find_gap(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i++)
		if (text[i] == ':' && text[i + 1] == ':')
			return text + i;
	return NULL;
}

int
cmio__parse_v6_host(const char *text, size_t n, unsigned char bytes[16])
{
	unsigned char first[2 * GROUPS], last[2 * GROUPS];
	const char *gap = find_gap(text, n);
	int after, before;
	size_t left;

	if (gap == NULL) {
		before = parse_groups(text, n, true, bytes);
		return before < 0 ? before : before == GROUPS ? 0 : -EINVAL;
	}
	left = (size_t)(gap - text);
	before = parse_groups(text, left, false, first);
	after = parse_groups(gap + 2, n - left - 2, true, last);
	if (before < 0 || after < 0 || before + after >= GROUPS)
		return -EINVAL;
	memset(bytes, 0, 2 * GROUPS);
	memcpy(bytes, first, 2 * (size_t)before);
	memcpy(bytes + 2 * (GROUPS - after), last, 2 * (size_t)after);
	return 0;
}
