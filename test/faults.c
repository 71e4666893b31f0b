/* SPDX-License-Identifier: MIT */
/*
 * Every system call of the libraries fails in turn: the first in a scenario,
 * then the second, until a run has no failure left.  A function that fails must
 * set errno, leak nothing, and succeed when it is called again.
 *
 * The libraries' sources are linked in, and call the system through calls.c.
 */
#include "config.h"

#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>
#include <cmio/udp.h>
#include <cmio/waker.h>

#include "calls.h"
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

/* What has to fail, and whether it has. */
static struct {
	bool		on;
	enum call	call;
	int		error;
	int		countdown;	/* 0: the next; -1: all */
	bool		fired;
	bool		old_kernel;	/* no accept4, pipe2 and eventfd */
} fault;

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
static const char *selector;
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

/*
 * Whether a call has succeeded, or has failed with the right error and has to
 * be made again, without a fault.
 */
static bool
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

/* Makes a call, and again if the fault makes it fail; ends on failure. */
#define TRY(expression)	do {						\
	bool again = false;						\
	if (!went_well(#expression, (expression), &again) && (!again ||	\
	    !went_well(#expression, (expression), &again)))		\
		goto end;						\
} while (0)
#define OK(call)	TRY((long)(call) != -1)

static struct cmio_source none = CMIO_SOURCE(CMIO_FD_NONE);

/* EINTR is the caller's to handle, who then waits again. */
static bool
sees(struct cmio_poll *poll, uintptr_t token, unsigned int ready)
{
	struct cmio_event event;
	int n;

	n = cmio_poll_wait(poll, &event, 1, STILL);
	if (n == 0)
		errno = ETIMEDOUT;
	return n == 1 && event.token == token && (event.ready & ready) != 0;
}

static void
run_poll(void)
{
	struct cmio_source ends[2] = { none, none };
	struct cmio_poll *poll = NULL;
	struct cmio_event event;
	char buf[4] = "abc";
	struct iovec iov = { .iov_base = buf, .iov_len = 1 };

	TRY((poll = cmio_poll_new(selector)) != NULL);
	OK(cmio_pipe(&ends[0], &ends[1]));
	OK(cmio_register(poll, &ends[0], 1, CMIO_READABLE));
	OK(cmio_poll_wait(poll, &event, 1, 1000));
	OK(cmio_poll_wait(poll, &event, 1, 2000000));
	OK(cmio_writev(&ends[1], &iov, 1));
	TRY(sees(poll, 1, CMIO_READABLE));
	OK(cmio_read(&ends[0], buf, sizeof(buf)));
	OK(cmio_reregister(poll, &ends[0], 2, CMIO_READABLE));
	OK(cmio_write(&ends[1], "x", 1));
	TRY(sees(poll, 2, CMIO_READABLE));
	OK(cmio_deregister(poll, &ends[0]));
	OK(cmio_register(poll, &ends[0], 3, CMIO_READABLE | CMIO_EXCLUSIVE));
	OK(cmio_reregister(poll, &ends[0], 4, CMIO_READABLE |
	    CMIO_EXCLUSIVE));
	TRY(sees(poll, 4, CMIO_READABLE));
	OK(cmio_set_nonblocking(&ends[0], 0));
	OK(cmio_set_nonblocking(&ends[0], 1));
	OK(cmio_close(&ends[0]));
end:
	fault.on = false;
	cmio_close(&ends[0]);
	cmio_close(&ends[1]);
	cmio_poll_unref(poll);
}

/* More than the initial size of every array. */
static void
run_many(void)
{
	enum { MANY = 40 };
	struct cmio_source sources[MANY];
	struct cmio_poll *poll = NULL;
	int i;

	for (i = 0; i < MANY; i++)
		sources[i] = none;
	TRY((poll = cmio_poll_new(selector)) != NULL);
	for (i = 0; i < MANY; i += 2) {
		OK(cmio_unix_pair(&sources[i], SOCK_STREAM));
		OK(cmio_register(poll, &sources[i], (uintptr_t)i,
		    CMIO_READABLE));
		OK(cmio_register(poll, &sources[i + 1], (uintptr_t)i + 1,
		    CMIO_READABLE));
	}
	OK(cmio_write(&sources[MANY - 2], "x", 1));
	TRY(sees(poll, MANY - 1, CMIO_READABLE));
end:
	fault.on = false;
	for (i = 0; i < MANY; i++)
		cmio_close(&sources[i]);
	cmio_poll_unref(poll);
}

static void
run_waker(void)
{
	struct cmio_user_event user = { 0, { NULL } };
	struct cmio_waker *waker = NULL;
	struct cmio_poll *poll = NULL;
	bool added = false;

	TRY((poll = cmio_poll_new(selector)) != NULL);
	TRY((waker = cmio_waker_new(poll, 7)) != NULL);
	OK(cmio_user_event_add(poll, &user, 8));
	added = true;
	/* The wake is not lost, even if the system call has failed. */
	OK(cmio_waker_wake(waker));
	TRY(sees(poll, 7, CMIO_READABLE));
	OK(cmio_user_event_trigger(&user));
	TRY(sees(poll, 8, CMIO_READABLE));
end:
	fault.on = false;
	if (added)
		cmio_user_event_remove(&user);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}

/*
 * On a slow machine a kernel thread delivers loopback data a little later.  No
 * library calls select(), so it never fails here.
 */
static void
await_arrival(const struct cmio_source *to)
{
	struct timeval limit = { .tv_sec = 10 };
	fd_set fds;

	FD_ZERO(&fds);
	FD_SET(to->fd, &fds);
	select(to->fd + 1, &fds, NULL, NULL, &limit);
}

static bool
transfer(struct cmio_source *from, struct cmio_source *to)
{
	char buf[8] = "abcdefg";
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmio_addr addr;
	bool done = false;

	OK(cmio_write(from, buf, sizeof(buf)));
	await_arrival(to);
	OK(cmio_read(to, buf, sizeof(buf)));
	OK(cmio_writev(from, &iov, 1));
	await_arrival(to);
	OK(cmio_readv(to, &iov, 1));
	OK(cmio_send(from, buf, sizeof(buf), 0));
	await_arrival(to);
	OK(cmio_recv(to, buf, sizeof(buf), 0));
	OK(cmio_sendto(from, buf, sizeof(buf), 0, NULL));
	await_arrival(to);
	OK(cmio_recvfrom(to, buf, sizeof(buf), 0, &addr));
	OK(cmio_sendmsg(from, &msg, 0));
	await_arrival(to);
	OK(cmio_recvmsg(to, &msg, 0));
	done = true;
end:
	return done;
}

static void
run_tcp(void)
{
	struct cmio_source listener = none, client = none, server = none;
	struct cmio_poll *poll = NULL;
	struct cmio_addr addr, peer;

	TRY((poll = cmio_poll_new(selector)) != NULL);
	OK(cmio_addr_parse(&addr, "127.0.0.1:0"));
	OK(cmio_tcp_listen(&listener, &addr));
	OK(cmio_local_addr(&listener, &addr));
	OK(cmio_register(poll, &listener, 1, CMIO_READABLE));
	OK(cmio_tcp_connect(&client, &addr));
	TRY(sees(poll, 1, CMIO_READABLE));
	OK(cmio_accept(&listener, &server, &peer));
	OK(cmio_register(poll, &client, 2, CMIO_WRITABLE));
	TRY(sees(poll, 2, CMIO_WRITABLE));
	OK(cmio_finish_connect(&client));
	TRY(cmio_take_error(&client) == 0);
	OK(cmio_peer_addr(&client, &peer));
	if (!transfer(&client, &server))
		goto end;
	OK(cmio_shutdown(&client, SHUT_WR));
end:
	fault.on = false;
	cmio_close(&listener);
	cmio_close(&client);
	cmio_close(&server);
	cmio_poll_unref(poll);
}

static void
run_steps(void)
{
	struct cmio_source listener = none, client = none, server = none;
	struct cmio_addr addr;

	OK(cmio_addr_parse(&addr, "127.0.0.1:0"));
	OK(cmio_socket(&listener, AF_INET, SOCK_STREAM, 0));
	OK(cmio_bind(&listener, &addr));
	OK(cmio_listen(&listener, 0));
	OK(cmio_local_addr(&listener, &addr));
	OK(cmio_socket(&client, AF_INET, SOCK_STREAM, 0));
	OK(cmio_connect(&client, &addr));
	await_arrival(&listener);
	OK(cmio_accept(&listener, &server, NULL));
end:
	fault.on = false;
	cmio_close(&listener);
	cmio_close(&client);
	cmio_close(&server);
}

static void
run_datagrams(void)
{
	struct cmio_source udp = none, other = none, pair[2] = { none, none };
	struct cmio_source unnamed = none;
	struct cmio_addr addr, from;
	char byte = 'x';

	OK(cmio_addr_parse(&addr, "127.0.0.1:0"));
	OK(cmio_udp_bind(&udp, &addr));
	OK(cmio_udp_bind(&other, &addr));
	OK(cmio_local_addr(&udp, &addr));
	OK(cmio_sendto(&other, &byte, 1, 0, &addr));
	await_arrival(&udp);
	OK(cmio_recvfrom(&udp, &byte, 1, 0, &from));
	OK(cmio_unix_datagram(&unnamed, NULL));
	OK(cmio_unix_pair(pair, SOCK_DGRAM));
	(void)transfer(&pair[0], &pair[1]);
end:
	fault.on = false;
	cmio_close(&udp);
	cmio_close(&other);
	cmio_close(&unnamed);
	cmio_close(&pair[0]);
	cmio_close(&pair[1]);
}

/*
 * An error that a send meets once is tried past, so that all here succeed or
 * say what is wrong.  Two to begin with, so that there are batches.
 */
static void
run_batches(void)
{
	struct cmio_source udp = none, other = none;
	struct cmio_datagrams entries[2];
	struct cmio_addr addr;
	char bytes[2][40] = { "one", "two" };
	int i;

	OK(cmio_addr_parse(&addr, "127.0.0.1:0"));
	OK(cmio_udp_bind(&udp, &addr));
	OK(cmio_udp_bind(&other, &addr));
	OK(cmio_local_addr(&udp, &addr));
	memset(entries, 0, sizeof(entries));
	for (i = 0; i < 2; i++) {
		entries[i].buf = bytes[i];
		entries[i].len = sizeof(bytes[i]);
		entries[i].peer = addr;
	}
	OK(cmio_send_datagrams(&other, entries, 2));
	TRY(entries[0].done == 0 && entries[1].done == 0);
	await_arrival(&udp);
	OK(cmio_recv_datagrams(&udp, entries, 2));
	OK(cmio_udp_enable(&udp, CMIO_UDP_COALESCE | CMIO_UDP_LOCAL |
	    CMIO_UDP_ECN | CMIO_UDP_DONTFRAG));
	OK(cmio_udp_enable(&other, 0));
	entries[0].peer = addr;
	entries[0].segment = 8;
	OK(cmio_send_datagrams(&other, entries, 1));
	await_arrival(&udp);
	OK(cmio_recv_datagrams(&udp, entries, 1));
	OK(cmio_connect(&other, &addr));
	entries[0].peer.len = 0;
	entries[0].local.len = 0;
	OK(cmio_send_datagrams(&other, entries, 1));
end:
	fault.on = false;
	cmio_close(&udp);
	cmio_close(&other);
}

static void
run_unix(void)
{
	struct cmio_source listener = none, client = none, server = none;
	struct cmio_source bound = none;
	char name[40];
	struct cmio_addr addr;
	int count = 1, fd, n;
	pid_t pid;

	name[0] = '\0';
	n = snprintf(name + 1, sizeof(name) - 1, "cmio-faults-%ld",
	    (long)getpid());
	OK(cmio_addr_unix(&addr, name, (size_t)n + 1));
	OK(cmio_unix_listen(&listener, &addr));
	OK(cmio_unix_connect(&client, &addr));
	OK(cmio_accept(&listener, &server, &addr));
	if (!transfer(&client, &server))
		goto end;
	fd = server.fd;
	OK(cmio_send_fds(&client, name + 1, 1, &fd, 1));
	OK(cmio_recv_fds(&server, name + 1, 1, &fd, &count));
	close(fd);
	OK(cmio_peer_cred(&client, NULL, NULL, &pid));
	TRY(pid == getpid());
	name[1] = 'C';
	OK(cmio_addr_unix(&addr, name, (size_t)n + 1));
	OK(cmio_unix_datagram(&bound, &addr));
end:
	fault.on = false;
	cmio_close(&listener);
	cmio_close(&client);
	cmio_close(&server);
	cmio_close(&bound);
}

static void
run_options(void)
{
	const struct cmio_keepalive some = { 1, 20, 5, 3 };
	struct cmio_source tcp = none, udp = none, six = none;
	struct in_addr group, local;
	struct cmio_keepalive keepalive;
	struct cmio_addr addr;
	int seconds;

	OK(cmio_socket(&tcp, AF_INET, SOCK_STREAM, 0));
	OK(cmio_set_nodelay(&tcp, 1));
	TRY(cmio_nodelay(&tcp) == 1);
	OK(cmio_set_ttl(&tcp, 9));
	TRY(cmio_ttl(&tcp) == 9);
	OK(cmio_set_reuseaddr(&tcp, 1));
	TRY(cmio_reuseaddr(&tcp) == 1);
	OK(cmio_set_reuseport(&tcp, 1));
	TRY(cmio_reuseport(&tcp) == 1);
	OK(cmio_set_recv_buffer_size(&tcp, 20000));
	OK(cmio_recv_buffer_size(&tcp));
	OK(cmio_set_send_buffer_size(&tcp, 20000));
	OK(cmio_send_buffer_size(&tcp));
	OK(cmio_set_linger(&tcp, 3));
	OK(cmio_linger(&tcp, &seconds));
	OK(cmio_set_keepalive(&tcp, &some));
	OK(cmio_keepalive(&tcp, &keepalive));
	OK(cmio_set_keepalive(&tcp, NULL));
	OK(cmio_addr_parse(&addr, "127.0.0.1:0"));
	OK(cmio_udp_bind(&udp, &addr));
	OK(cmio_set_broadcast(&udp, 1));
	TRY(cmio_broadcast(&udp) == 1);
	OK(cmio_set_multicast_loop_v4(&udp, 0));
	TRY(cmio_multicast_loop_v4(&udp) == 0);
	OK(cmio_set_multicast_ttl_v4(&udp, 3));
	TRY(cmio_multicast_ttl_v4(&udp) == 3);
	group.s_addr = htonl(0xe0000181);
	local.s_addr = htonl(INADDR_LOOPBACK);
	OK(cmio_join_multicast_v4(&udp, &group, &local));
	OK(cmio_leave_multicast_v4(&udp, &group, &local));
	if (cmio_socket(&six, AF_INET6, SOCK_DGRAM, 0) == -1)
		goto end;
	OK(cmio_set_only_v6(&six, 1));
	TRY(cmio_only_v6(&six) == 1);
	OK(cmio_set_multicast_loop_v6(&six, 0));
	TRY(cmio_multicast_loop_v6(&six) == 0);
end:
	fault.on = false;
	cmio_close(&tcp);
	cmio_close(&udp);
	cmio_close(&six);
}

static void
run_adopt(void)
{
	struct cmio_source pair[2] = { none, none }, ends[2] = { none, none };
	struct cmio_source source = none;

	OK(cmio_unix_pair(pair, SOCK_STREAM));
	OK(cmio_pipe(&ends[0], &ends[1]));
	OK(cmio_adopt(&source, pair[0].fd));
	OK(cmio_adopt(&source, ends[0].fd));
end:
	fault.on = false;
	cmio_close(&pair[0]);
	cmio_close(&pair[1]);
	cmio_close(&ends[0]);
	cmio_close(&ends[1]);
}

/* Found out without a fault: ENOTSUP is not for want of anything else. */
static bool system_lacks_children;

static void
look_for_children(void)
{
	struct cmio_child child;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (cmio_child_open(&child, pid) == 0)
		cmio_close(&child.source);
	else
		system_lacks_children = errno == ENOTSUP;
	waitpid(pid, NULL, 0);
	if (system_lacks_children)
		puts("no descriptor tells of children here");
}

/*
 * Linux before 5.3 lacks the first call, before 5.4 a part of the second, and
 * a sandbox may refuse both.
 */
static bool
lacks_children(void)
{
	if (system_lacks_children)
		return true;
	if (fault.call == CALL_syscall)
		return fault.error == ENOSYS || fault.error == EPERM;
	return fault.call == CALL_waitid && fault.error == EINVAL;
}

/* ENOTSUP is the right result on kernels without such sources. */
static bool
opens_child(struct cmio_child *child, pid_t pid)
{
	if (cmio_child_open(child, pid) == 0)
		return !lacks_children();
	return lacks_children() && errno == ENOTSUP;
}

static void
run_process(void)
{
	struct cmio_signals signals = { .source = none };
	struct cmio_child child = { .source = none };
	struct cmio_poll *poll = NULL;
	sigset_t set;
	int status;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (pid == 0)
		_exit(kill(getppid(), SIGUSR1) != 0);
	TRY((poll = cmio_poll_new(selector)) != NULL);
	OK(cmio_signals_open(&signals, &set));
	OK(cmio_register(poll, &signals.source, 1, CMIO_READABLE));
	TRY(sees(poll, 1, CMIO_READABLE));
	TRY(cmio_signals_take(&signals) == SIGUSR1);
	TRY(opens_child(&child, pid));
	if (child.source.fd == CMIO_FD_NONE)
		goto end;
	OK(cmio_register(poll, &child.source, 2, CMIO_READABLE));
	TRY(sees(poll, 2, CMIO_READABLE));
	OK(cmio_child_wait(&child, &status));
	TRY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
end:
	fault.on = false;
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	sigpending(&set);
	if (sigismember(&set, SIGUSR1) == 1)
		sigwait(&set, &status);
	cmio_close(&signals.source);
	cmio_close(&child.source);
	cmio_poll_unref(poll);
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
	{ "options", run_options, false },
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
