/* SPDX-License-Identifier: MIT */
/* The benchmarks on cmio; the variants are its selectors. */
#include "bench.h"

#include <cmio.h>
#include <cmio/net.h>
#include <cmio/waker.h>

#define HANDLER(name)							\
	static inline void name(uintptr_t token, unsigned int ready)
#define CALLBACK(name)	0

static const unsigned int READ = CMIO_READABLE, WRITE = CMIO_WRITABLE,
    LEVEL = CMIO_LEVEL, EXCLUSIVE = CMIO_EXCLUSIVE;

struct loop {
	struct cmio_poll	*poll;
	struct cmio_waker	*waker;
	struct cmio_event	 events[EVENTS];
};

struct watch {
	struct cmio_source	source;
	uintptr_t		token;
};

/* The benchmarks may read without EAGAIN: then poll(2) needs a rearm. */
static int edges_by_hand;

static void
loop_open(struct loop *loop, const char *variant)
{
	loop->poll = cmio_poll_new(variant);
	if (loop->poll == NULL)
		unable();
	edges_by_hand = strcmp(variant, "poll") == 0;
}

static void
loop_close(struct loop *loop)
{
	cmio_poll_unref(loop->poll);
}

static inline __attribute__((always_inline)) void
loop_turn(struct loop *loop, int64_t timeout,
    void (*handler)(uintptr_t, unsigned int))
{
	int i, n;

	n = cmio_poll_wait(loop->poll, loop->events, EVENTS, timeout);
	for (i = 0; i < n; i++)
		handler(loop->events[i].token, loop->events[i].ready);
}

static void
loop_sleep(struct loop *loop, int64_t timeout)
{
	cmio_poll_wait(loop->poll, loop->events, EVENTS, timeout);
}

static void
watch_add(struct loop *loop, struct watch *w, int fd, uintptr_t token,
    unsigned int bits, int callback)
{
	(void)callback;
	if (w->source.fd != fd)		/* else it was accepted just now */
		cmio_source_init(&w->source, fd);
	w->token = token;
	if (cmio_register(loop->poll, &w->source, token, bits) == -1)
		err(1, "cmio_register");
}

static void
watch_change(struct loop *loop, struct watch *w, unsigned int bits)
{
	if (cmio_reregister(loop->poll, &w->source, w->token, bits) == -1)
		err(1, "cmio_reregister");
}

static void
watch_remove(struct loop *loop, struct watch *w)
{
	if (cmio_deregister(loop->poll, &w->source) == -1)
		err(1, "cmio_deregister");
}

static void
watch_close(struct loop *loop, struct watch *w)
{
	(void)loop;
	close(cmio_release_unshared(&w->source));
}

static void
watch_drained(struct watch *w)
{
	if (edges_by_hand)
		cmio_rearm(&w->source, CMIO_READABLE);
}

static ssize_t
watch_recv(struct watch *w, void *buf, size_t size)
{
	ssize_t n;

	n = cmio_recv(&w->source, buf, size, 0);
	watch_drained(w);
	return n;
}

static ssize_t
watch_send(struct watch *w, const void *buf, size_t size)
{
	return cmio_send(&w->source, buf, size, 0);
}

static int
watch_accept(struct watch *listener, struct watch *stream)
{
	if (cmio_accept(&listener->source, &stream->source, NULL) == -1)
		return -1;
	return stream->source.fd;
}

static void
waker_on(struct loop *loop)
{
	loop->waker = cmio_waker_new(loop->poll, 0);
	if (loop->waker == NULL)
		err(1, "cmio_waker_new");
}

static void
waker_off(struct loop *loop)
{
	cmio_waker_free(loop->waker);
}

static void
loop_wake(struct loop *loop)
{
	if (cmio_waker_wake(loop->waker) == -1)
		err(1, "cmio_waker_wake");
}

#include "benchmarks.h"
