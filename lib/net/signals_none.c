/* SPDX-License-Identifier: MIT */
/* The signals of net/signals.h where no descriptor tells of them. */
#include "config.h"

#include <errno.h>

#include "net/signals.h"

int
cmio__signals_open(struct cmio_signals *signals)
{
	(void)signals;
	return -ENOTSUP;
}

int
cmio__signals_take(struct cmio_signals *signals)
{
	(void)signals;
	return -ENOTSUP;
}
