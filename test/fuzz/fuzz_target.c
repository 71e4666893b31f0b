/* SPDX-License-Identifier: MIT */
/* The programs and the input of fuzz_model.c as libFuzzer writes them. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmio.h>

#include "input.h"
#include "program.h"
#include "world.h"

int	LLVMFuzzerInitialize(int *argc, char ***argv);
int	LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char message[MESSAGE + 100];
	struct program program;
	struct outcome outcome;
	const char *wrong;

	/* No operation has this number. */
	if (size > 0 && bytes[0] == UINT8_MAX) {
		wrong = input_check(bytes + 1, size - 1);
		if (wrong == NULL)
			return 0;
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	program_decode(&program, bytes, size);
	wrong = run_on_each(&program, cmio_selectors(), message);
	if (wrong == NULL)
		return 0;
	fprintf(stderr, "%s\n", wrong);
	run_program(&program, cmio_selectors()[0], &outcome, stderr);
	abort();
}
