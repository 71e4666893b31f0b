/* SPDX-License-Identifier: MIT */
/*
 * Random programs, each run on every selector and compared with the model.  A
 * program that fails is shortened and printed.
 *
 * fuzz_model [--seed number] [--programs number] [--seconds number]
 *     [--selector name]
 */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmio.h>

#include "input.h"
#include "program.h"
#include "selectors.h"
#include "world.h"

struct options {
	uint64_t		 seed;
	uint64_t		 programs;
	uint64_t		 seconds;
	const char *const	*selectors;
	const char		*only[2];
};

static int
fails(const struct program *program, void *arg)
{
	char message[MESSAGE + 100];
	int again;

	/* The kernel's timers do not always do the same. */
	for (again = 0; again < 2; again++)
		if (run_on_each(program, arg, message) == NULL)
			return 0;
	return 1;
}

static void
print(const struct program *program, const char *const *selectors)
{
	struct outcome outcome;

	for (; *selectors != NULL; selectors++) {
		printf("--- on %s\n", *selectors);
		run_program(program, *selectors, &outcome, stdout);
	}
}

static void
print_failure(struct program *program, const struct options *options,
    uint64_t seed, const char *wrong)
{
	union {
		const char *const *names;
		void *arg;
	} u = { options->selectors };
	char message[MESSAGE + 100];
	const char *shorter;

	printf("program %" PRIu64 ": %s\n", seed, wrong);
	fflush(stdout);
	if (!fails(program, u.arg)) {
		printf("and then not again\n");
		return;
	}
	program_shrink(program, fails, u.arg);
	shorter = run_on_each(program, options->selectors, message);
	printf("in %d operations: %s\n", program->n,
	    shorter == NULL ? wrong : shorter);
	print(program, options->selectors);
	fflush(stdout);
}

/* Bytes that are partly valid. */
static bool
check_input(struct random *random, uint64_t seed)
{
	static const char likely[] = "0123456789abcdef:.[]%/@unix:lo";
	uint8_t bytes[130];
	const char *wrong;
	size_t i, size;

	size = random_next(random) % sizeof(bytes);
	for (i = 0; i < size; i++)
		bytes[i] = random_next(random) % 8 == 0 ?
		    (uint8_t)random_next(random) :
		    (uint8_t)likely[random_next(random) % 30];
	wrong = input_check(bytes, size);
	if (wrong == NULL)
		return true;
	printf("input %" PRIu64 ": %s:", seed, wrong);
	for (i = 0; i < size; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
	return false;
}

/* A program is made from its number, independently of the others. */
static bool
run_one(const struct options *options, uint64_t seed)
{
	struct random random = {
		.state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15),
	};
	char message[MESSAGE + 100];
	struct program program;
	const char *wrong;

	program_random(&program, &random);
	wrong = run_on_each(&program, options->selectors, message);
	if (wrong != NULL)
		print_failure(&program, options, seed, wrong);
	return check_input(&random, seed) && wrong == NULL;
}

static int
run_all(const struct options *options)
{
	time_t end = time(NULL) + (time_t)options->seconds;
	uint64_t i, failed = 0;

	for (i = 0; i < options->programs; i++) {
		if (!run_one(options, options->seed + i) && ++failed == 5)
			break;
		if (options->seconds != 0 && time(NULL) >= end)
			break;
	}
	printf("%" PRIu64 " programs from %" PRIu64 ", %" PRIu64 " failed\n",
	    i, options->seed, failed);
	return failed == 0 && i != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
usage(void)
{
	fprintf(stderr, "usage: fuzz_model [--seed number] [--programs number]"
	    " [--seconds number]\n    [--selector name]\n");
	return 2;
}

int
main(int argc, char **argv)
{
	const char *names[MOST_SELECTORS + 1];
	struct options options = {
		.seed = 1,
		.programs = 500,
		.selectors = selectors_to_test(names),
	};
	int i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			options.seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--programs") == 0)
			options.programs = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--seconds") == 0) {
			options.seconds = strtoull(argv[i + 1], NULL, 10);
			options.programs = UINT64_MAX;
		} else if (strcmp(argv[i], "--selector") == 0) {
			options.only[0] = argv[i + 1];
			options.selectors = options.only;
		} else
			return usage();
	}
	return i == argc ? run_all(&options) : usage();
}
