/* SPDX-License-Identifier: MIT */
/* The benchmarks on libuv, with a uv_poll_t for each descriptor. */
#include "bench.h"

#include <uv.h>

#define HANDLER(name)							\
	static inline void name(uintptr_t token, unsigned int ready);	\
	static inline void						\
	name##_callback(uv_poll_t *handle, int status, int found)	\
	{								\
		name((uintptr_t)handle->data, status < 0 ? UV_READABLE : \
		    (unsigned int)found);				\
	}								\
	static inline void name(uintptr_t token, unsigned int ready)
#define CALLBACK(name)	name##_callback

static const unsigned int READ = UV_READABLE, WRITE = UV_WRITABLE, LEVEL = 0,
    EXCLUSIVE = 0;

struct loop {
	uv_loop_t	uv;
	uv_async_t	wake;
	uv_timer_t	timer;
	bool		has_timer;
};

struct watch {
	uv_poll_t	poll;
	int		fd;
};

static void
loop_open(struct loop *loop, const char *name)
{
	(void)name;
	if (uv_loop_init(&loop->uv) != 0)
		unable();
	loop->has_timer = false;
}

static void
loop_close(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_NOWAIT);	/* completes closing */
	uv_loop_close(&loop->uv);
}

static inline void
loop_turn(struct loop *loop, int64_t timeout,
    void (*handler)(uintptr_t, unsigned int))
{
	(void)handler;
	uv_run(&loop->uv, timeout == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
}

static void
time_out(uv_timer_t *timer)
{
	(void)timer;
}

static void
loop_sleep(struct loop *loop, int64_t timeout)
{
	if (!loop->has_timer)
		uv_timer_init(&loop->uv, &loop->timer);
	loop->has_timer = true;
	uv_timer_start(&loop->timer, time_out,
	    (uint64_t)(timeout + 999999) / 1000000, 0);
	uv_run(&loop->uv, UV_RUN_ONCE);
}

static uv_poll_cb callback_of_change;

static void
watch_add(struct loop *loop, struct watch *w, int fd, uintptr_t token,
    unsigned int bits, uv_poll_cb callback)
{
	if (uv_poll_init(&loop->uv, &w->poll, fd) != 0)
		errx(1, "uv_poll_init");
	w->fd = fd;
	w->poll.data = (void *)token;
	callback_of_change = callback;
	uv_poll_start(&w->poll, (int)bits, callback);
}

static void
watch_change(struct loop *loop, struct watch *w, unsigned int bits)
{
	(void)loop;
	uv_poll_start(&w->poll, (int)bits, callback_of_change);
}

static void
watch_remove(struct loop *loop, struct watch *w)
{
	(void)loop;
	uv_close((uv_handle_t *)&w->poll, NULL);
}

static void
watch_close(struct loop *loop, struct watch *w)
{
	(void)loop;
	uv_close((uv_handle_t *)&w->poll, NULL);
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
wake_callback(uv_async_t *async)
{
	(void)async;
	note_wake();
}

static void
waker_on(struct loop *loop)
{
	if (uv_async_init(&loop->uv, &loop->wake, wake_callback) != 0)
		errx(1, "uv_async_init");
}

static void
waker_off(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->wake, NULL);
}

static void
loop_wake(struct loop *loop)
{
	uv_async_send(&loop->wake);
}

#include "benchmarks.h"
