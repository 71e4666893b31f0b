/* SPDX-License-Identifier: MIT */
/*
 * Appends text to a caller's buffer, truncates it if the buffer is full, and
 * counts its whole length, as snprintf(3) does, but independent of the locale.
 */
#ifndef CMIO_PORT_TEXT_H
#define CMIO_PORT_TEXT_H

#include <stddef.h>

struct text {
	char	*buf;
	size_t	 size;
	size_t	 len;		/* of the whole text */
};
#define TEXT_TO(buf, size)		{ (buf), (size), 0 }

void	cmio__text_add(struct text *text, const char *string);
void	cmio__text_add_bytes(struct text *text, const void *bytes, size_t n);

/* In base 10, or 16 with "0x" before it. */
void	cmio__text_add_number(struct text *text, unsigned long number,
	    unsigned int base);

/* Ends the text, and returns its whole length. */
int	cmio__text_end(struct text *text);

#endif
