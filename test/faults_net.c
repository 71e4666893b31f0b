/* SPDX-License-Identifier: MIT */
/* Scenarios of libcmio-net, in which every system call fails in turn. */
#include "faults.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <net/if.h>
#include <netinet/in.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/process.h>
#include <cmio/udp.h>

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

void
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

void
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

void
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
void
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

void
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

void
run_stream_options(void)
{
	const struct cmio_keepalive some = { 1, 20, 5, 3 };
	struct cmio_source tcp = none;
	struct cmio_keepalive keepalive;
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
end:
	fault.on = false;
	cmio_close(&tcp);
}

void
run_datagram_options(void)
{
	struct cmio_source udp = none, six = none;
	struct in_addr group, local;
	struct cmio_addr addr;

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
	cmio_close(&udp);
	cmio_close(&six);
}

void
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

void
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

void
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
