/* SPDX-License-Identifier: MIT */
/*
 * Running a program on one selector, with descriptors of its own, while the
 * model looks on.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <stdbool.h>
#include <stdio.h>

#include "program.h"

enum { MESSAGE = 600 };

/* What an operation returned: the same on every selector. */
struct result {
	int	code;		/* of the operation, if it was run */
	int	rc;
	int	error;
	bool	exact;		/* not at the mercy of a protocol's timers */
};

struct outcome {
	struct result	results[MOST_OPS];	/* by operation */
	bool		failed;
	char		message[MESSAGE];
};

/* text, where it is not NULL, is given the program in words of C. */
void	run_program(const struct program *program, const char *selector,
	    struct outcome *outcome, FILE *text);

/*
 * Runs a program on each selector of a list that ends with NULL, and
 * compares.  Returns NULL, or what is wrong.
 */
const char *run_on_each(const struct program *program,
	    const char *const *selectors, char message[MESSAGE + 100]);

#endif
