/* SPDX-License-Identifier: MIT */
/* The benchmarks on libevent; the variants are epoll and poll. */
#include "bench.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/thread.h>

#define HANDLER(name)							\
	static inline void name(uintptr_t token, unsigned int ready);	\
	static inline void						\
	name##_callback(evutil_socket_t fd, short what, void *arg)	\
	{								\
		(void)fd;						\
		name((uintptr_t)arg, (unsigned int)what);		\
	}								\
	static inline void name(uintptr_t token, unsigned int ready)
#define CALLBACK(name)	name##_callback

static const unsigned int READ = EV_READ, WRITE = EV_WRITE, LEVEL = 1u << 14,
    EXCLUSIVE = 0;

struct loop {
	struct event_base	*base;
	struct event		 wake;
};

struct watch {
	struct event	event;
	int		fd;
};

static void
loop_open(struct loop *loop, const char *name)
{
	struct event_config *config = event_config_new();

	/* Only the waker needs its locks. */
	evthread_use_pthreads();
	if (strcmp(name, "poll") == 0) {
		event_config_avoid_method(config, "epoll");
		event_config_avoid_method(config, "select");
	}
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	if (loop->base == NULL)
		unable();
}

static void
loop_close(struct loop *loop)
{
	event_base_free(loop->base);
}

static inline void
loop_turn(struct loop *loop, int64_t timeout,
    void (*handler)(uintptr_t, unsigned int))
{
	(void)handler;
	event_base_loop(loop->base,
	    EVLOOP_ONCE | (timeout == 0 ? EVLOOP_NONBLOCK : 0));
}

static void
time_out(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

static void
loop_sleep(struct loop *loop, int64_t timeout)
{
	struct timeval tv = {
		.tv_sec = timeout / 1000000000,
		.tv_usec = timeout % 1000000000 / 1000,
	};

	event_base_once(loop->base, -1, EV_TIMEOUT, time_out, NULL, &tv);
	event_base_loop(loop->base, EVLOOP_ONCE);
}

static void
watch_add(struct loop *loop, struct watch *w, int fd, uintptr_t token,
    unsigned int bits, event_callback_fn callback)
{
	w->fd = fd;
	event_assign(&w->event, loop->base, fd,
	    (short)((bits & ~LEVEL) | EV_PERSIST), callback, (void *)token);
	event_add(&w->event, NULL);
}

static void
watch_change(struct loop *loop, struct watch *w, unsigned int bits)
{
	event_callback_fn callback = event_get_callback(&w->event);
	void *arg = event_get_callback_arg(&w->event);

	event_del(&w->event);
	event_assign(&w->event, loop->base, w->fd, (short)(bits | EV_PERSIST),
	    callback, arg);
	event_add(&w->event, NULL);
}

static void
watch_remove(struct loop *loop, struct watch *w)
{
	(void)loop;
	event_del(&w->event);
}

static void
watch_close(struct loop *loop, struct watch *w)
{
	(void)loop;
	event_del(&w->event);
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
wake_callback(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	note_wake();
}

static void
waker_on(struct loop *loop)
{
	event_assign(&loop->wake, loop->base, -1, EV_PERSIST, wake_callback,
	    NULL);
	event_add(&loop->wake, NULL);
}

static void
waker_off(struct loop *loop)
{
	event_del(&loop->wake);
}

static void
loop_wake(struct loop *loop)
{
	event_active(&loop->wake, EV_READ, 0);
}

#include "benchmarks.h"
