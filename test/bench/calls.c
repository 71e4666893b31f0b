/* SPDX-License-Identifier: MIT */
/*
 * Counts the system calls of a program and its threads, not of its children.
 *
 * usage: calls program [argument ...]
 *
 * Prints on the standard error how many there were, and how many of each.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/ptrace.h>

#define NAME(name)	{ SYS_##name, #name }
static const struct {
	long		 number;
	const char	*name;
} names[] = {
	NAME(accept4),
	NAME(bind),
	NAME(clock_gettime),
	NAME(close),
	NAME(connect),
	NAME(epoll_create1),
	NAME(epoll_ctl),
	NAME(epoll_pwait),
	NAME(epoll_pwait2),
#ifdef SYS_epoll_wait
	NAME(epoll_wait),
#endif
	NAME(eventfd2),
	NAME(fcntl),
	NAME(futex),
	NAME(getpid),
	NAME(gettid),
	NAME(ioctl),
	NAME(pipe2),
#ifdef SYS_poll
	NAME(poll),
#endif
	NAME(ppoll),
	NAME(read),
	NAME(recvfrom),
	NAME(recvmmsg),
	NAME(sendmmsg),
	NAME(sendto),
	NAME(socket),
	NAME(timerfd_create),
	NAME(timerfd_settime),
	NAME(write),
};

enum { CALLS = 1024, NAMES = sizeof(names) / sizeof(names[0]) };
static long counts[CALLS];

static const char *
name_of(long number)
{
	int i;

	for (i = 0; i < NAMES; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

static void
report(void)
{
	const char *name;
	long i, sum = 0;

	for (i = 0; i < CALLS; i++)
		sum += counts[i];
	fprintf(stderr, "calls %ld", sum);
	for (i = 0; i < CALLS; i++) {
		if (counts[i] == 0)
			continue;
		name = name_of(i);
		if (name != NULL)
			fprintf(stderr, " %s %ld", name, counts[i]);
		else
			fprintf(stderr, " call_%ld %ld", i, counts[i]);
	}
	fprintf(stderr, "\n");
}

/* Counts the call that a thread enters. */
static void
note(pid_t thread)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_ENTRY &&
	    info.entry.nr < CALLS)
		counts[info.entry.nr]++;
}

/* Returns the signal to deliver to a stopped thread. */
static int
signal_for(pid_t thread, int status)
{
	int sig = WSTOPSIG(status);

	if (sig == (SIGTRAP | 0x80)) {
		note(thread);
		return 0;
	}
	/* A new thread's first stop, and other stops by ptrace(2). */
	return sig == SIGTRAP || sig == SIGSTOP ? 0 : sig;
}

int
main(int argc, char **argv)
{
	pid_t child, thread;
	int status, rc = 1;

	if (argc < 2)
		errx(1, "usage: calls program [argument ...]");
	child = fork();
	if (child == -1)
		err(1, "fork");
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execv(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	if (waitpid(child, &status, 0) == -1 ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD |
	    PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) == -1)
		err(1, "ptrace");
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	while ((thread = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, thread, NULL,
			    (long)signal_for(thread, status));
		else if (thread == child) {
			rc = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
			break;
		}
	}
	report();
	return rc;
}
