/* SPDX-License-Identifier: MIT */
/*
 * Text built up in a caller's buffer, cut off where that is full, and
 * measured as if it were not: what snprintf(3) does, without its locale.
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
