/* SPDX-License-Identifier: MIT */
/* The benchmarks on epoll(7) directly: the lower limit. */
#include "bench.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#define HANDLER(name)							\
	static inline void name(uintptr_t token, unsigned int ready)
#define CALLBACK(name)	0

static const unsigned int READ = EPOLLIN, WRITE = EPOLLOUT, LEVEL = 1u << 29,
    EXCLUSIVE = EPOLLEXCLUSIVE;

struct loop {
	int			epfd;
	int			wake;
	struct epoll_event	found[EVENTS];
};

struct watch {
	int		fd;
	uintptr_t	token;
};

static void
loop_open(struct loop *loop, const char *variant)
{
	(void)variant;
	loop->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epfd == -1)
		err(1, "epoll_create1");
}

static void
loop_close(struct loop *loop)
{
	close(loop->epfd);
}

static inline __attribute__((always_inline)) void
loop_turn(struct loop *loop, int64_t timeout,
    void (*handler)(uintptr_t, unsigned int))
{
	int i, n;

	n = epoll_wait(loop->epfd, loop->found, EVENTS, (int)timeout);
	for (i = 0; i < n; i++)
		handler(loop->found[i].data.u64, loop->found[i].events);
}

static void
loop_sleep(struct loop *loop, int64_t timeout)
{
	epoll_wait(loop->epfd, loop->found, EVENTS,
	    (int)((timeout + 999999) / 1000000));
}

static void
control(struct loop *loop, int operation, struct watch *w, unsigned int bits)
{
	struct epoll_event ev = { .data.u64 = w->token };

	ev.events = bits & LEVEL ? bits & ~LEVEL : bits | EPOLLET;
	if (epoll_ctl(loop->epfd, operation, w->fd, &ev) == -1)
		err(1, "epoll_ctl");
}

static void
watch_add(struct loop *loop, struct watch *w, int fd, uintptr_t token,
    unsigned int bits, int callback)
{
	(void)callback;
	w->fd = fd;
	w->token = token;
	control(loop, EPOLL_CTL_ADD, w, bits);
}

static void
watch_change(struct loop *loop, struct watch *w, unsigned int bits)
{
	control(loop, EPOLL_CTL_MOD, w, bits);
}

static void
watch_remove(struct loop *loop, struct watch *w)
{
	control(loop, EPOLL_CTL_DEL, w, 0);
}

/* No copy of the descriptor is open: the kernel removes it. */
static void
watch_close(struct loop *loop, struct watch *w)
{
	(void)loop;
	close(w->fd);
}

static void
watch_drained(struct watch *w)
{
	(void)w;
}

static ssize_t
watch_recv(struct watch *w, void *buf, size_t size)
{
	return recv(w->fd, buf, size, 0);
}

static ssize_t
watch_send(struct watch *w, const void *buf, size_t size)
{
	return send(w->fd, buf, size, MSG_NOSIGNAL);
}

static int
watch_accept(struct watch *listener, struct watch *stream)
{
	stream->fd = accept4(listener->fd, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	return stream->fd;
}

static void
waker_on(struct loop *loop)
{
	struct watch w = { .token = 0 };

	loop->wake = w.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake == -1)
		err(1, "eventfd");
	control(loop, EPOLL_CTL_ADD, &w, EPOLLIN);
}

static void
waker_off(struct loop *loop)
{
	close(loop->wake);
}

static void
loop_wake(struct loop *loop)
{
	uint64_t one = 1;

	if (write(loop->wake, &one, sizeof(one)) == -1)
		err(1, "write");
}

#include "benchmarks.h"
