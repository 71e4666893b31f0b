/* SPDX-License-Identifier: MIT */
/*
 * A program for the model: a sequence of small operations.  All bytes are valid
 * programs, so that a fuzzer can generate them.
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
	OP_CLOSE_PLAIN,	/* by close(2), not deregistered */
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
	uint8_t	a, b, c;	/* their meaning depends on code */
};

enum { MOST_OPS = 200 };

struct program {
	int		n;
	struct op	ops[MOST_OPS];
};

/* A generator of the same random numbers on every system. */
struct random {
	uint64_t	state;
};
uint32_t	random_next(struct random *random);

void	program_random(struct program *program, struct random *random);
void	program_decode(struct program *program, const uint8_t *bytes,
	    size_t size);

/*
 * Removes and simplifies operations while fails() says that the program still
 * fails.
 */
void	program_shrink(struct program *program,
	    int (*fails)(const struct program *, void *), void *arg);

#endif
