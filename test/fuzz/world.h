/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on one selector, with its own descriptors, and checks it with
 * the model.
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
	bool	exact;		/* does not depend on a protocol's timers */
};

struct outcome {
	struct result	results[MOST_OPS];	/* by operation */
	bool		failed;
	char		message[MESSAGE];
};

/* If text is not NULL, the program is written to it as C. */
void	run_program(const struct program *program, const char *selector,
	    struct outcome *outcome, FILE *text);

/*
 * Runs a program on each selector of a list that ends with NULL, and
 * compares.  Returns NULL, or an error message.
 */
const char *run_on_each(const struct program *program,
	    const char *const *selectors, char message[MESSAGE + 100]);

#endif
