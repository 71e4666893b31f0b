/* SPDX-License-Identifier: MIT */
/* The harness of harness.h, on Check. */
#include "harness.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "unfit.h"

static const char *const *chosen;
static const char *only[2];
static int before;
static bool uncounted;

int
selector_count(void)
{
	int n = 0;

	while (chosen[n] != NULL)
		n++;
	return n;
}

const char *
selector_name(int i)
{
	return chosen[i];
}

#ifdef KQUEUE_IS_LIBKQUEUE
static const char kqueue_is[] = "libkqueue";
#else
static const char kqueue_is[] = "kqueue";
#endif

const char *
selector_kind(int i)
{
	const char *name = selector_name(i);

	return strcmp(name, "kqueue") == 0 ? kqueue_is : name;
}

struct cmio_poll *
open_selector(int i)
{
	struct cmio_poll *poll = cmio_poll_new(chosen[i]);

	if (poll == NULL)
		ck_abort_msg("%s: %s", chosen[i], strerror(errno));
	/* Its threads open and close descriptors at any time. */
	if (strcmp(selector_kind(i), "libkqueue") == 0)
		uncounted = true;
	return poll;
}

void
note_skip(const char *test, const char *reason)
{
	printf("skipped: %s: %s\n", test, reason);
	fflush(stdout);
}

bool
is_kqueue(int i)
{
	return strcmp(selector_name(i), "kqueue") == 0;
}

bool
has_priority(int i)
{
	return HAVE_DECL_EVFILT_EXCEPT || !is_kqueue(i);
}

bool
differs_on(int i, const char *kind, const char *test, const char *reason)
{
	if (strcmp(selector_kind(i), kind) != 0)
		return false;
	note_skip(test, reason);
	/* Descriptors that are open now may stay open. */
	uncounted = true;
	return true;
}

static void
count_before(void)
{
	before = open_descriptors();
}

static void
count_after(void)
{
	int after = open_descriptors();

	if (uncounted)
		return;
	if (after != before)
		ck_abort_msg("%d descriptors were open before, %d are now",
		    before, after);
}

/* An unrelated signal does not end a test. */
static int
wait_for_one(struct cmio_poll *poll, struct cmio_event *event,
    int64_t timeout)
{
	int n;

	do
		n = cmio_poll_wait(poll, event, 1, timeout);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		ck_abort_msg("cmio_poll_wait: %s", strerror(errno));
	return n;
}

/*
 * Whether all bits of ready were seen.  If poll(2) has no bit for the end of a
 * stream, READABLE is enough.
 */
static bool
shows(const struct cmio_poll *poll, unsigned int seen, unsigned int ready)
{
	const char *name = cmio_poll_selector(poll);

	if ((seen & ready) == ready)
		return true;
	if (CMIO_POLLRDHUP != 0 || (ready & CMIO_READ_CLOSED) == 0 ||
	    (strcmp(name, "poll") != 0 && strcmp(name, "evport") != 0))
		return false;
	ready = (ready & ~CMIO_READ_CLOSED) | CMIO_READABLE;
	return (seen & ready) == ready;
}

struct cmio_event
expect_event(struct cmio_poll *poll, uintptr_t token, unsigned int ready)
{
	struct cmio_event event;
	int n;

	n = wait_for_one(poll, &event, LONG_TIME);
	ck_assert_int_eq(n, 1);
	ck_assert_uint_eq(event.token, token);
	if (!shows(poll, event.ready, ready)) {
		char text[200];

		cmio_ready_format(event.ready, text, sizeof(text));
		ck_abort_msg("only %s", text);
	}
	return event;
}

unsigned int
wait_for(struct cmio_poll *poll, uintptr_t token, unsigned int ready)
{
	struct cmio_event events[4];
	unsigned int seen = 0;
	int i, n;

	do {
		n = cmio_poll_wait(poll, events, 4, LONG_TIME);
		if (n == -1)
			ck_abort_msg("cmio_poll_wait: %s", strerror(errno));
		ck_assert_int_ge(n, 1);
		for (i = 0; i < n; i++) {
			ck_assert_uint_eq(events[i].token, token);
			seen |= events[i].ready;
		}
	} while (!shows(poll, seen, ready));
	return seen;
}

void
expect_nothing(struct cmio_poll *poll)
{
	struct cmio_event event;
	char text[200];
	int n;

	n = wait_for_one(poll, &event, A_WHILE);
	if (n == 1) {
		cmio_ready_format(event.ready, text, sizeof(text));
		ck_abort_msg("token %lu: %s", (unsigned long)event.token,
		    text);
	}
}

static bool
choose(int argc, char **argv)
{
	const char *const *name;

	chosen = cmio_selectors();
	if (argc < 2)
		return true;
	for (name = chosen; *name != NULL; name++)
		if (strcmp(*name, argv[1]) == 0)
			only[0] = argv[1];
	chosen = only;
	return only[0] != NULL;
}

/* Runs instead of a skipped test, so that it is counted. */
START_TEST(nothing)
{
}
END_TEST

static void
add_test(TCase *tcase, const struct test *test)
{
	const char *name = (*test->test)->name;
	const char *why = why_unfit(name);

	if (why == NULL)
		tcase_add_loop_test(tcase, *test->test, 0,
		    test->once ? 1 : selector_count());
	else {
		note_skip(name, why);
		tcase_add_test(tcase, nothing);
	}
}

int
run_tests(int argc, char **argv, const char *subject,
    const struct test *tests)
{
	TCase *tcase = tcase_create(subject);
	Suite *suite = suite_create(subject);
	SRunner *runner;
	int failed, ran;

	if (!choose(argc, argv)) {
		printf("%s: no selector %s here\n", subject, argv[1]);
		return 77;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	tcase_add_checked_fixture(tcase, count_before, count_after);
	tcase_set_timeout(tcase, 60);
	for (; tests->test != NULL; tests++)
		add_test(tcase, tests);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_VERBOSE);
	failed = srunner_ntests_failed(runner);
	ran = srunner_ntests_run(runner);
	srunner_free(runner);
	return failed == 0 && ran != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
