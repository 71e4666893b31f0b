/* SPDX-License-Identifier: MIT */
/*
 * What every test program uses: the loop over selectors, a check for leaked
 * descriptors around each test, and one line of output for each test.
 *
 * The argument of a program may be the name of a selector: then it runs only
 * on that one.
 */
#ifndef TEST_HARNESS_H
#define TEST_HARNESS_H

#include "config.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmio.h>

/* Longer than everything takes: only a failing test waits this long. */
#define LONG_TIME	INT64_C(10000000000)
/* Long enough to see that no event comes. */
#define A_WHILE		INT64_C(20000000)
#define MSEC		INT64_C(1000000)

struct test {
	const TTest	**test;
	bool		  once;	/* not on each selector */
};
#define EACH_SELECTOR(name)	{ &name, false }
#define ONCE(name)		{ &name, true }
#define END_OF_TESTS		{ NULL, false }

/* main() of a test program: the exit status, 77 if all was skipped. */
int	run_tests(int argc, char **argv, const char *subject,
	    const struct test *tests);

/* The number of selectors under test, and the name of one. */
int		 selector_count(void);
const char	*selector_name(int i);

/* A poll on selector i; ends the test if that cannot be made. */
struct cmio_poll *open_selector(int i);

/* Says that the rest of the test cannot run here, and ends it. */
#define skip(reason)	do {						\
	note_skip(__func__, reason);					\
	return;								\
} while (0)
void	note_skip(const char *test, const char *reason);

/*
 * The selector's name, or the name of the emulation that is used in place of
 * its kernel: "libkqueue".
 */
const char	*selector_kind(int i);

/*
 * kqueue reports each direction of a source in a separate event, and errors of
 * datagram sockets and pipes without CMIO_ERROR.
 */
bool	is_kqueue(int i);

/* Whether out-of-band data are reported: not on FreeBSD and NetBSD. */
bool	has_priority(int i);

/*
 * Ends the test if the selector is of this kind: an emulation that differs from
 * the kernels in what is tested.
 */
#define skip_on(i, kind, reason)	do {				\
	if (differs_on(i, kind, __func__, reason))			\
		return;							\
} while (0)
#define NO_CLOSE	"it does not see that a descriptor was closed"
#define NO_NESTING	"its descriptor cannot be waited for"
#define TAKES_ERRORS	"it takes the socket's error for itself"
bool	differs_on(int i, const char *kind, const char *test,
	    const char *reason);

/* One event, within LONG_TIME, with this token and at least these bits. */
struct cmio_event expect_event(struct cmio_poll *poll, uintptr_t token,
	    unsigned int ready);
void	expect_nothing(struct cmio_poll *poll);

/*
 * Waits until all bits of ready have been reported for token, in one or more
 * events, and returns all bits that were reported.
 */
unsigned int wait_for(struct cmio_poll *poll, uintptr_t token,
	    unsigned int ready);

/* -1 and this errno. */
#define ck_assert_errno(expression, number)	do {			\
	errno = 0;							\
	ck_assert_int_eq((int)(expression), -1);			\
	ck_assert_int_eq(errno, (number));				\
} while (0)

#define ck_assert_ok(expression)	do {				\
	if ((int)(expression) == -1)					\
		ck_abort_msg("%s: %s", #expression, strerror(errno));	\
} while (0)

#endif
