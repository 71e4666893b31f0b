/* SPDX-License-Identifier: MIT */
/* Readiness, and interest, in words. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "port/api.h"
#include "port/result.h"
#include "port/text.h"

static const struct {
	unsigned int	bit;
	char		name[14];	/* no pointer to relocate */
} names[] = {
	{ CMIO_READABLE, "READABLE" },
	{ CMIO_WRITABLE, "WRITABLE" },
	{ CMIO_PRIORITY, "PRIORITY" },
	{ CMIO_AIO, "AIO" },
	{ CMIO_LIO, "LIO" },
	{ CMIO_ERROR, "ERROR" },
	{ CMIO_READ_CLOSED, "READ_CLOSED" },
	{ CMIO_WRITE_CLOSED, "WRITE_CLOSED" },
	{ CMIO_LEVEL, "LEVEL" },
	{ CMIO_ONESHOT, "ONESHOT" },
	{ CMIO_EXCLUSIVE, "EXCLUSIVE" },
};

int
cmio_ready_format(unsigned int ready, char *buf, size_t size)
{
	struct text text = TEXT_TO(buf, size);
	size_t i;

	if (buf == NULL && size != 0)
		return cmio__result(-EINVAL);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((ready & names[i].bit) == 0)
			continue;
		if (text.len != 0)
			cmio__text_add(&text, " | ");
		cmio__text_add(&text, names[i].name);
		ready &= ~names[i].bit;
	}
	if (ready != 0) {
		if (text.len != 0)
			cmio__text_add(&text, " | ");
		cmio__text_add_number(&text, ready, 16);
	}
	return cmio__text_end(&text);
}
