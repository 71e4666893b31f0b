/* SPDX-License-Identifier: MIT */
/* The programs of program.h: generating and shortening them. */
#include "program.h"

#include <string.h>

/* How often each operation is drawn. */
static const uint8_t weights[OPS] = {
	[OP_MAKE] = 10,
	[OP_CONNECT] = 5,
	[OP_ACCEPT] = 5,
	[OP_WRITE] = 22,
	[OP_READ] = 22,
	[OP_URGENT] = 3,
	[OP_SHUTDOWN] = 4,
	[OP_CLOSE] = 4,
	[OP_CLOSE_PLAIN] = 2,
	[OP_RESET] = 2,
	[OP_DUP] = 2,
	[OP_REGISTER] = 22,
	[OP_REREGISTER] = 10,
	[OP_DEREGISTER] = 5,
	[OP_REARM] = 3,
	[OP_EVENT_ADD] = 4,
	[OP_EVENT_TRIGGER] = 10,
	[OP_EVENT_REMOVE] = 2,
	[OP_WAIT] = 40,
};

/* xorshift64*. */
uint32_t
random_next(struct random *random)
{
	uint64_t x = random->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random->state = x;
	return (uint32_t)(x * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

static uint8_t
draw(uint32_t number)
{
	unsigned int sum = 0;
	uint8_t code;

	for (code = 0; code < OPS; code++)
		sum += weights[code];
	number %= sum;
	for (code = 0; number >= weights[code]; code++)
		number -= weights[code];
	return code;
}

void
program_random(struct program *program, struct random *random)
{
	uint32_t bits;
	int i;

	program->n = 4 + (int)(random_next(random) % (MOST_OPS - 4));
	if (random_next(random) % 2)
		program->n = 4 + program->n / 6;
	for (i = 0; i < program->n; i++) {
		bits = random_next(random);
		program->ops[i] = (struct op){
			.code = draw(random_next(random)),
			.a = (uint8_t)bits,
			.b = (uint8_t)(bits >> 8),
			.c = (uint8_t)(bits >> 16),
		};
	}
	/* Without a descriptor nothing can be done. */
	program->ops[0].code = OP_MAKE;
}

void
program_decode(struct program *program, const uint8_t *bytes, size_t size)
{
	program->n = 0;
	for (; size >= 4 && program->n < MOST_OPS; size -= 4, bytes += 4)
		program->ops[program->n++] = (struct op){
			.code = bytes[0] % OPS,
			.a = bytes[1],
			.b = bytes[2],
			.c = bytes[3],
		};
}

static void
leave_out(struct program *to, const struct program *from, int at, int n)
{
	memcpy(to->ops, from->ops, (size_t)at * sizeof(*to->ops));
	memcpy(to->ops + at, from->ops + at + n,
	    (size_t)(from->n - at - n) * sizeof(*to->ops));
	to->n = from->n - n;
}

static int
shrink_by(struct program *program, int n,
    int (*fails)(const struct program *, void *), void *arg)
{
	struct program shorter;
	int at, shrunk = 0;

	for (at = program->n - n; at >= 0; at -= n) {
		leave_out(&shorter, program, at, n);
		if (fails(&shorter, arg)) {
			*program = shorter;
			shrunk = 1;
			if (at > program->n)
				at = program->n;
		}
	}
	return shrunk;
}

/* 0 is the simplest operand. */
static int
simplify(struct program *program, int (*fails)(const struct program *, void *),
    void *arg)
{
	struct program simpler;
	uint8_t *bytes;
	int i, done = 0;

	for (i = 0; i < program->n * 3; i++) {
		simpler = *program;
		bytes = (uint8_t *)&simpler.ops[i / 3] + 1;
		if (bytes[i % 3] == 0)
			continue;
		bytes[i % 3] = 0;
		if (fails(&simpler, arg)) {
			*program = simpler;
			done = 1;
		}
	}
	return done;
}

void
program_shrink(struct program *program,
    int (*fails)(const struct program *, void *), void *arg)
{
	int n, more;

	do {
		more = 0;
		for (n = program->n / 2; n > 0; n /= 2)
			more |= shrink_by(program, n, fails, arg);
		more |= simplify(program, fails, arg);
	} while (more);
}
