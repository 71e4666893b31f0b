/* SPDX-License-Identifier: MIT */
/*
 * Every system call of the libraries fails in turn: the first in a scenario,
 * then the second, until a run has no failure left.  A function that fails must
 * set errno, leak nothing, and succeed when it is called again.
 *
 * The libraries' sources are linked in, and call the system through calls.c.
 */
#include "faults.h"

#include <sys/select.h>
#include <sys/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "selectors.h"

enum { MOST_ERRORS = 6, STILL = 1000000000 };

static const int call_errors[CALL_COUNT][MOST_ERRORS] = {
#define X(name, type, params, args, ...)	[CALL_##name] = { __VA_ARGS__ },
	CALLS(X)
#undef X
	[CALL_calloc] = { ENOMEM },
	[CALL_close] = { EINTR },
	[CALL_epoll_ctl] = { ENOMEM, ENOSPC },
	[CALL_fcntl] = { EINVAL },
	[CALL_malloc] = { ENOMEM },
	[CALL_pthread_mutex_init] = { ENOMEM, EAGAIN },
	[CALL_realloc] = { ENOMEM },
	[CALL_syscall] = { EMFILE, ENFILE, ENODEV, ENOMEM },
};

struct fault fault;

bool
call_fails(enum call call)
{
	if (fault.on && fault.old_kernel && (call == CALL_accept4 ||
	    call == CALL_pipe2 || call == CALL_eventfd)) {
		errno = ENOSYS;
		return true;
	}
	if (!fault.on || fault.call != call)
		return false;
	if (fault.countdown > 0) {
		fault.countdown--;
		return false;
	}
	if (fault.countdown == 0)
		fault.on = false;
	fault.fired = true;
	errno = fault.error;
	return true;
}

static const char *where;		/* the scenario */
const char *selector;
static int failures;

static void
wrong(const char *what, const char *why)
{
	const int error = errno;

	printf("%s, %s: %s failed with %s: %s: %s (%s)\n", where, selector,
	    call_names[fault.call], strerror(fault.error), what, why,
	    strerror(error));
	failures++;
}

bool
went_well(const char *what, bool success, bool *again)
{
	const bool fired = fault.fired;

	if (success)
		return true;
	/* If its flags cannot be set, the connection is closed. */
	if (*again && fault.call == CALL_fcntl && errno == EAGAIN)
		return false;
	if (*again || !fired || fault.countdown == -1)
		wrong(what, "fails");
	else if (errno != fault.error)
		wrong(what, "another errno");
	else {
		*again = true;
		return false;
	}
	*again = false;
	return false;
}

const struct cmio_source none = CMIO_SOURCE(CMIO_FD_NONE);

/* EINTR is the caller's to handle, who then waits again. */
bool
sees(struct cmio_poll *poll, uintptr_t token, unsigned int ready)
{
	struct cmio_event event;
	int n;

	n = cmio_poll_wait(poll, &event, 1, STILL);
	if (n == 0)
		errno = ETIMEDOUT;
	return n == 1 && event.token == token && (event.ready & ready) != 0;
}

/*
 * On a slow machine a kernel thread delivers loopback data a little later.  No
 * library calls select(), so it never fails here.
 */
void
await_arrival(const struct cmio_source *to)
{
	struct timeval limit = { .tv_sec = 10 };
	fd_set fds;

	FD_ZERO(&fds);
	FD_SET(to->fd, &fds);
	select(to->fd + 1, &fds, NULL, NULL, &limit);
}

static const struct {
	const char	*name;
	void		(*run)(void);
	bool		 selects;
} scenarios[] = {
	{ "poll", run_poll, true },
	{ "many", run_many, true },
	{ "waker", run_waker, true },
	{ "tcp", run_tcp, true },
	{ "steps", run_steps, false },
	{ "datagrams", run_datagrams, false },
	{ "batches", run_batches, false },
	{ "unix", run_unix, false },
	{ "stream options", run_stream_options, false },
	{ "datagram options", run_datagram_options, false },
	{ "adopt", run_adopt, false },
	{ "process", run_process, true },
};
enum { SCENARIOS = sizeof(scenarios) / sizeof(scenarios[0]) };

static unsigned long faults_made, times_fired[CALL_COUNT];

/* Returns whether the fault has happened. */
static bool
run_with(int scenario, enum call call, int error, int countdown)
{
	const int descriptors = open_descriptors();
	const long memory = blocks;

	where = scenarios[scenario].name;
	fault.call = call;
	fault.error = error;
	fault.countdown = countdown;
	fault.fired = false;
	fault.on = true;
	scenarios[scenario].run();
	fault.on = false;
	if (open_descriptors() != descriptors)
		wrong("afterwards", "a descriptor is left");
	if (blocks != memory)
		wrong("afterwards", "memory is left");
	faults_made += fault.fired;
	times_fired[call] += fault.fired;
	return fault.fired;
}

static void
fail_each(int scenario)
{
	int call, i, n;

	for (call = 0; call < CALL_COUNT; call++)
		for (i = 0; i < MOST_ERRORS && call_errors[call][i] != 0; i++)
			for (n = 0; run_with(scenario, (enum call)call,
			    call_errors[call][i], n); n++)
				continue;
}

/* Calls that a kernel or a sandbox lacks: an alternative is used. */
static void
take_away(int scenario)
{
	static const enum call missing[] = {
		CALL_eventfd, CALL_accept4, CALL_pipe2,
	};
	static const int errors[] = { ENOSYS, EPERM, EINVAL };
	size_t i, j;

	run_with(scenario, CALL_epoll_pwait2, ENOSYS, -1);
	run_with(scenario, CALL_epoll_pwait2, EPERM, -1);
	run_with(scenario, CALL_ppoll, ENOSYS, -1);
	run_with(scenario, CALL_ppoll, EPERM, -1);
	run_with(scenario, CALL_syscall, ENOSYS, -1);
	run_with(scenario, CALL_syscall, EPERM, -1);
	run_with(scenario, CALL_waitid, EINVAL, -1);

	for (i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		for (j = 0; j < sizeof(errors) / sizeof(errors[0]); j++)
			run_with(scenario, missing[i], errors[j], -1);
}

/* A kernel that lacks only SOCK_CLOEXEC. */
static void
take_away_flags(int scenario)
{
	run_with(scenario, CALL_socket, EINVAL, 0);
	run_with(scenario, CALL_socketpair, EINVAL, 0);
}

/* A kernel or a sandbox without epoll: the next selector is used. */
static void
take_away_epoll(int error, bool another)
{
	struct cmio_poll *poll;

	where = "a poll, whichever";
	selector = "NULL";
	fault.call = CALL_epoll_create1;
	fault.error = error;
	fault.countdown = -1;
	fault.on = true;
	poll = cmio_poll_new(NULL);
	fault.on = false;
	faults_made++;
	if ((poll != NULL) != another)
		wrong("cmio_poll_new", another ? "no other" : "another");
	cmio_poll_unref(poll);
}

static int
list_calls(void)
{
	int i;

	for (i = 0; i < CALL_COUNT; i++)
		puts(call_names[i]);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	const char *names[MOST_SELECTORS + 1], *const *name;
	int call, i;

	if (argc > 1 && strcmp(argv[1], "--calls") == 0)
		return list_calls();
	look_for_children();
	for (name = selectors_to_test(names); *name != NULL; name++) {
		selector = *name;
		for (i = 0; i < SCENARIOS; i++) {
			if (!scenarios[i].selects && name != names)
				continue;
			fault.old_kernel = true;
			fail_each(i);
			fault.old_kernel = false;
			fail_each(i);
			take_away(i);
			take_away_flags(i);
		}
	}
	take_away_epoll(ENOSYS, true);
	take_away_epoll(EPERM, true);
	take_away_epoll(EMFILE, false);
	for (call = 0; call < CALL_COUNT; call++)
		if (call_errors[call][0] != 0 && times_fired[call] == 0)
			printf("note: %s was never called\n",
			    call_names[call]);
	printf("%lu faults, %d failures\n", faults_made, failures);
	return failures == 0 && faults_made != 0 ? EXIT_SUCCESS :
	    EXIT_FAILURE;
}
