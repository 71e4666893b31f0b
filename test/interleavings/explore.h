/* SPDX-License-Identifier: MIT */
/*
 * Runs a few threads in every order of their atomic steps.
 *
 * The threads are cooperative.  explore_step() stands before each step: there
 * another thread may be chosen.  A run is repeated from its beginning for each
 * order.  Two orders that lead to the same memory, with threads that have seen
 * the same values, go on in the same way: the second is not run but counted.
 *
 * Memory is sequentially consistent here.  Whether the memory orders that the
 * code names are strong enough is for ThreadSanitizer to say.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_THREADS = 4, NOBODY = -1 };

struct scenario {
	/* Sets the shared memory to what it is before the threads run. */
	void	(*begin)(void);
	void	(*threads[MOST_THREADS])(void);		/* NULL ends them */
	/* Checks what is left when no thread can go on. */
	void	(*end)(void);
	/* All that the threads share. */
	void	*memory;
	size_t	 size;
	/*
	 * The number + 1 of the thread that the last one interrupts, as a
	 * signal handler does: that one stands still until the last has ended.
	 */
	int	 interrupted;
};

struct exploration {
	double		interleavings;
	unsigned long	states;		/* in which there was a choice */
	const char	*failure;	/* NULL if there was none */
};

/* Stops at the first failure, and prints the steps that led there. */
struct exploration explore(const struct scenario *scenario);

/* Before a step; name and object are for the print. */
void	explore_step(const char *name, const void *object);

/* The same, and the step waits until ready() is true. */
void	explore_block(const char *name, const void *object,
	    bool (*ready)(const void *object));

/* The step gave the thread this value. */
void	explore_note(uintptr_t value);

/* Ends the run.  what is a string literal. */
void	explore_fail(const char *what);

/* In end(): what thread i is blocked in, or NULL if it has ended. */
const char *explore_blocked(int i);

#endif
