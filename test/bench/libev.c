/* SPDX-License-Identifier: MIT */
/* The benchmarks on libev; the variants are epoll and poll. */
#include "bench.h"

#include <ev.h>

#define HANDLER(name)							\
	static inline void name(uintptr_t token, unsigned int ready);	\
	static inline void						\
	name##_callback(struct ev_loop *ev, ev_io *io, int revents)	\
	{								\
		(void)ev;						\
		name((uintptr_t)io->data, (unsigned int)revents);	\
	}								\
	static inline void name(uintptr_t token, unsigned int ready)
#define CALLBACK(name)	name##_callback

static const unsigned int READ = EV_READ, WRITE = EV_WRITE, LEVEL = 0,
    EXCLUSIVE = 0;

struct loop {
	struct ev_loop	*ev;
	ev_async	 wake;
};

struct watch {
	ev_io	io;
};

static void
loop_open(struct loop *loop, const char *name)
{
	loop->ev = ev_loop_new(EVFLAG_NOENV | (strcmp(name, "poll") == 0 ?
	    EVBACKEND_POLL : EVBACKEND_EPOLL));
	if (loop->ev == NULL)
		unable();
}

static void
loop_close(struct loop *loop)
{
	ev_loop_destroy(loop->ev);
}

static inline void
loop_turn(struct loop *loop, int64_t timeout,
    void (*handler)(uintptr_t, unsigned int))
{
	(void)handler;
	ev_run(loop->ev, timeout == 0 ? EVRUN_NOWAIT : EVRUN_ONCE);
}

static void
time_out(struct ev_loop *ev, ev_timer *timer, int revents)
{
	(void)ev;
	(void)timer;
	(void)revents;
}

static void
loop_sleep(struct loop *loop, int64_t timeout)
{
	ev_timer timer;

	ev_timer_init(&timer, time_out, (double)timeout / 1e9, 0);
	ev_timer_start(loop->ev, &timer);
	ev_run(loop->ev, EVRUN_ONCE);
	ev_timer_stop(loop->ev, &timer);
}

static void
watch_add(struct loop *loop, struct watch *w, int fd, uintptr_t token,
    unsigned int bits, void (*callback)(struct ev_loop *, ev_io *, int))
{
	ev_io_init(&w->io, callback, fd, (int)bits);
	w->io.data = (void *)token;
	ev_io_start(loop->ev, &w->io);
}

static void
watch_change(struct loop *loop, struct watch *w, unsigned int bits)
{
	ev_io_stop(loop->ev, &w->io);
	ev_io_set(&w->io, w->io.fd, (int)bits);
	ev_io_start(loop->ev, &w->io);
}

static void
watch_remove(struct loop *loop, struct watch *w)
{
	ev_io_stop(loop->ev, &w->io);
}

static void
watch_close(struct loop *loop, struct watch *w)
{
	ev_io_stop(loop->ev, &w->io);
	close(w->io.fd);
}

static void
watch_drained(struct watch *w)
{
	(void)w;
}

static ssize_t
watch_recv(struct watch *w, void *buf, size_t size)
{
	return recv(w->io.fd, buf, size, 0);
}

static ssize_t
watch_send(struct watch *w, const void *buf, size_t size)
{
	return send(w->io.fd, buf, size, MSG_NOSIGNAL);
}

static int
watch_accept(struct watch *listener, struct watch *stream)
{
	stream->io.fd = accept4(listener->io.fd, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	return stream->io.fd;
}

static void
wake_callback(struct ev_loop *ev, ev_async *async, int revents)
{
	(void)ev;
	(void)async;
	(void)revents;
	note_wake();
}

static void
waker_on(struct loop *loop)
{
	ev_async_init(&loop->wake, wake_callback);
	ev_async_start(loop->ev, &loop->wake);
}

static void
waker_off(struct loop *loop)
{
	ev_async_stop(loop->ev, &loop->wake);
}

static void
loop_wake(struct loop *loop)
{
	ev_async_send(loop->ev, &loop->wake);
}

#include "benchmarks.h"
