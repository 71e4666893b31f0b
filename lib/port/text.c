/* SPDX-License-Identifier: MIT */
/* The functions of text.h. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "port/text.h"

void
cmio__text_add_bytes(struct text *text, const void *bytes, size_t n)
{
	size_t room = text->len < text->size ? text->size - text->len : 0;

	if (room != 0)
		memcpy(text->buf + text->len, bytes, n < room ? n : room);
	text->len += n;
}

void
cmio__text_add(struct text *text, const char *string)
{
	cmio__text_add_bytes(text, string, strlen(string));
}

void
cmio__text_add_number(struct text *text, unsigned long number,
    unsigned int base)
{
	char digits[3 * sizeof(number)];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	if (base == 16)
		cmio__text_add(text, "0x");
	cmio__text_add_bytes(text, digits + at, sizeof(digits) - at);
}

int
cmio__text_end(struct text *text)
{
	if (text->len < text->size)
		text->buf[text->len] = '\0';
	else if (text->size != 0)
		text->buf[text->size - 1] = '\0';
	return (int)text->len;
}
