/* SPDX-License-Identifier: MIT */
/*
 * A program for the model to run: a row of small operations.  Any bytes are
 * one, so that a fuzzer can write it.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	OP_MAKE,		/* a pair of descriptors, or a listener */
	OP_CONNECT,
	OP_ACCEPT,
	OP_WRITE,
	OP_READ,
	OP_URGENT,
	OP_SHUTDOWN,
	OP_CLOSE,
	OP_CLOSE_UNTOLD,	/* by close(2), behind cmio's back */
	OP_RESET,
	OP_DUP,
	OP_REGISTER,
	OP_REREGISTER,
	OP_DEREGISTER,
	OP_REARM,
	OP_EVENT_ADD,
	OP_EVENT_TRIGGER,
	OP_EVENT_REMOVE,
	OP_WAIT,
	OPS
};

struct op {
	uint8_t	code;
	uint8_t	a, b, c;	/* what they mean is up to the code */
};

enum { MOST_OPS = 200 };

struct program {
	int		n;
	struct op	ops[MOST_OPS];
};

/* A generator of numbers that is the same everywhere. */
struct random {
	uint64_t	state;
};
uint32_t	random_next(struct random *random);

void	program_random(struct program *program, struct random *random);
void	program_decode(struct program *program, const uint8_t *bytes,
	    size_t size);

/*
 * Leaves out and simplifies operations for as long as fails() says that the
 * program still fails.
 */
void	program_shrink(struct program *program,
	    int (*fails)(const struct program *, void *), void *arg);

#endif
