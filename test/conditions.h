/* SPDX-License-Identifier: MIT */
/* How soon and how often a poll returns: for tests of conditions. */
#ifndef TEST_CONDITIONS_H
#define TEST_CONDITIONS_H

#include "harness.h"

enum {
	R = CMIO_READABLE,
	W = CMIO_WRITABLE,
	P = CMIO_PRIORITY,
	E = CMIO_ERROR,
	CLOSED = CMIO_READ_CLOSED
};

/* What is promised within 100 ms, on a machine that is busy. */
#define SOON	(500 * MSEC)

/* The bits of the first event of this token, 0 if none comes soon. */
unsigned int	soon(struct cmio_poll *poll, uintptr_t token);

/*
 * How many waits return something in 300 ms, act() being called after each,
 * which must not take the processor's time.
 */
int	waits_in_300_ms(struct cmio_poll *poll, void (*act)(void *),
	    void *arg);

#endif
