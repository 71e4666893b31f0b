/* SPDX-License-Identifier: MIT */
/* The descriptors and threads of plain.h, on POSIX. */
#include "harness.h"

#include <sys/socket.h>
#include <netinet/in.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "plain.h"

static int
nonblocking(int fd)
{
	int flags;

	ck_assert_ok(fd);
	flags = fcntl(fd, F_GETFL);
	ck_assert_ok(flags);
	ck_assert_ok(fcntl(fd, F_SETFL, flags | O_NONBLOCK));
	return fd;
}

void
plain_pipe(int fds[2])
{
	ck_assert_ok(pipe(fds));
	nonblocking(fds[0]);
	nonblocking(fds[1]);
}

void
plain_unix_pair(int fds[2])
{
	ck_assert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	nonblocking(fds[0]);
	nonblocking(fds[1]);
}

static struct sockaddr_in
loopback(unsigned short port)
{
	struct sockaddr_in in;

	memset(&in, 0, sizeof(in));
	in.sin_family = AF_INET;
	in.sin_port = port;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return in;
}

static void
bind_anywhere(int fd, unsigned short *port)
{
	struct sockaddr_in in = loopback(0);
	socklen_t len = sizeof(in);

	ck_assert_ok(bind(fd, (struct sockaddr *)&in, len));
	ck_assert_ok(getsockname(fd, (struct sockaddr *)&in, &len));
	*port = in.sin_port;
}

int
plain_tcp_socket(void)
{
	return nonblocking(socket(AF_INET, SOCK_STREAM, 0));
}

int
plain_udp_socket(unsigned short *port)
{
	int fd = nonblocking(socket(AF_INET, SOCK_DGRAM, 0));

	bind_anywhere(fd, port);
	return fd;
}

int
plain_tcp_listener(unsigned short *port)
{
	int fd = plain_tcp_socket();

	bind_anywhere(fd, port);
	ck_assert_ok(listen(fd, 16));
	return fd;
}

int
plain_connect(int fd, unsigned short port)
{
	struct sockaddr_in in = loopback(port);

	return connect(fd, (struct sockaddr *)&in, sizeof(in));
}

static void
wait_for_fd(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	ck_assert_int_eq(poll(&p, 1, (int)(LONG_TIME / MSEC)), 1);
}

void
plain_tcp_pair(int fds[2])
{
	unsigned short port;
	int listener = plain_tcp_listener(&port);

	fds[0] = plain_tcp_socket();
	if (plain_connect(fds[0], port) == -1)
		ck_assert_int_eq(errno, EINPROGRESS);
	wait_for_fd(listener, POLLIN);
	fds[1] = nonblocking(accept(listener, NULL, NULL));
	wait_for_fd(fds[0], POLLOUT);
	close(listener);
}

void
plain_reset(int fd)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	ck_assert_ok(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger,
	    sizeof(linger)));
	close(fd);
}

void
plain_put(int fd)
{
	ck_assert_int_eq(write(fd, "x", 1), 1);
}

void
plain_get(int fd)
{
	char c;

	ck_assert_int_eq(read(fd, &c, 1), 1);
}

size_t
plain_drain(struct cmio_source *source)
{
	char buf[4096];
	size_t total = 0;
	ssize_t n;

	while ((n = read(source->fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	if (n == -1 && errno == EAGAIN)
		ck_assert_ok(cmio_rearm(source, CMIO_READABLE));
	return total;
}

size_t
plain_fill(struct cmio_source *source)
{
	static const char buf[4096];
	size_t total = 0;
	ssize_t n;

	while ((n = write(source->fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_ok(cmio_rearm(source, CMIO_WRITABLE));
	return total;
}

void
plain_close(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

void
add(struct cmio_poll *poll, struct cmio_source *source, int fd,
    uintptr_t token, unsigned int interest)
{
	cmio_source_init(source, fd);
	ck_assert_ok(cmio_register(poll, source, token, interest));
}

void
removed(struct cmio_poll *poll, struct cmio_source *source)
{
	ck_assert_ok(cmio_deregister(poll, source));
}

void
watch(struct watched *w, int selector, void (*make_pair)(int fds[2]),
    unsigned int interest)
{
	w->poll = open_selector(selector);
	make_pair(w->fds);
	add(w->poll, &w->source, w->fds[0], 1, interest);
}

void
unwatch(struct watched *w)
{
	removed(w->poll, &w->source);
	plain_close(w->fds);
	cmio_poll_unref(w->poll);
}

int64_t
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void *
run(void *arg)
{
	struct task *task = arg;

	task->run(task->arg);
	return NULL;
}

void
task_start(struct task *task, void (*function)(void *), void *arg)
{
	pthread_t *thread = malloc(sizeof(*thread));

	ck_assert_ptr_nonnull(thread);
	*task = (struct task){ function, arg, thread };
	ck_assert_int_eq(pthread_create(thread, NULL, run, task), 0);
}

void
task_join(struct task *task)
{
	ck_assert_int_eq(pthread_join(*(pthread_t *)task->handle, NULL), 0);
	free(task->handle);
}

void
give_way(int ms)
{
	poll(NULL, 0, ms);
}
