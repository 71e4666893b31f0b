/* SPDX-License-Identifier: MIT */
/*
 * glib_nested: a cmio poll inside of a GMainLoop, beside GLib's own sources.
 *
 * The poll's descriptor is readable if there is an event.  A GSource watches
 * it and calls cmio_poll_wait() with a timeout of 0.  Up to cmio_source_new()
 * it is what a program copies; the rest shows it with a socket, to which a
 * timer of GLib's writes, and with a waker, which a thread wakes.
 */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include <glib-unix.h>
#include <glib.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum { MAX_EVENTS = 64 };

typedef void (*EventFunc)(const struct cmio_event *event, gpointer data);

typedef struct {
	GSource			 parent;
	struct cmio_poll	*poll;
	gpointer		 tag;
} CmioSource;

/* GLib has looked: is there an event? */
static gboolean
source_check(GSource *base)
{
	CmioSource *source = (CmioSource *)base;

	return g_source_query_unix_fd(base, source->tag) != 0;
}

/*
 * Events that do not fit into the array leave the descriptor readable, so
 * GLib calls again after its other sources.
 */
static gboolean
source_dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	CmioSource *source = (CmioSource *)base;
	struct cmio_event events[MAX_EVENTS];
	int i, n;

	n = cmio_poll_wait(source->poll, events, MAX_EVENTS, 0);
	if (n == -1 && errno != EINTR)
		g_warning("cmio_poll_wait: %s", g_strerror(errno));
	for (i = 0; i < n && !g_source_is_destroyed(base); i++)
		((EventFunc)(void (*)(void))callback)(&events[i], data);
	return G_SOURCE_CONTINUE;
}

static void
source_finalize(GSource *base)
{
	cmio_poll_unref(((CmioSource *)base)->poll);
}

static GSourceFuncs source_funcs = {
	.check = source_check,
	.dispatch = source_dispatch,
	.finalize = source_finalize
};

/* NULL, and ENOTSUP in errno, if the poll's selector has no descriptor. */
static GSource *
cmio_source_new(struct cmio_poll *poll, EventFunc func, gpointer data)
{
	cmio_fd fd = cmio_poll_fd(poll);
	CmioSource *source;
	GSource *base;

	if (fd == CMIO_FD_NONE)
		return NULL;
	base = g_source_new(&source_funcs, sizeof(CmioSource));
	source = (CmioSource *)base;
	source->poll = cmio_poll_ref(poll);
	source->tag = g_source_add_unix_fd(base, fd, G_IO_IN);
	g_source_set_callback(base, (GSourceFunc)(void (*)(void))func, data,
	    NULL);
	return base;
}

/* ---- What this program does with it. */

enum { SOCKET, WAKE };		/* tokens */
enum { TICKS = 5 };

static GMainLoop *loop;
static struct cmio_source pair[2];
static struct cmio_waker *waker;
static int written, received, wakes;

static gboolean
on_timer(gpointer data)
{
	(void)data;
	if (cmio_write(&pair[1], "tick", 4) != 4)
		err(1, "write");
	return ++written < TICKS ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gpointer
wake_up(gpointer data)
{
	(void)data;
	if (cmio_waker_wake(waker) == -1)
		err(1, "wake");
	return NULL;
}

/* A read that fills the buffer may have left something. */
static void
read_ticks(void)
{
	char buf[64];
	ssize_t n;

	do {
		n = cmio_read(&pair[0], buf, sizeof(buf));
		received += n > 0 ? (int)n : 0;
	} while (n == (ssize_t)sizeof(buf));
}

static void
on_event(const struct cmio_event *event, gpointer data)
{
	(void)data;
	if (event->token == WAKE)
		wakes++;
	else
		read_ticks();
	if (wakes == 1 && received == 4 * TICKS)
		g_main_loop_quit(loop);
}

int
main(void)
{
	struct cmio_poll *poll = cmio_poll_new(NULL);
	GThread *thread;
	GSource *source;

	if (poll == NULL)
		err(1, "cmio_poll_new");
	source = cmio_source_new(poll, on_event, NULL);
	if (source == NULL)
		err(2, "cmio_poll_fd");
	g_source_attach(source, NULL);
	waker = cmio_waker_new(poll, WAKE);
	if (waker == NULL || cmio_unix_pair(pair, SOCK_STREAM) == -1 ||
	    cmio_register(poll, &pair[0], SOCKET, CMIO_READABLE) == -1)
		err(1, "cannot set up");

	loop = g_main_loop_new(NULL, FALSE);
	g_timeout_add(10, on_timer, NULL);
	thread = g_thread_new("waker", wake_up, NULL);
	g_main_loop_run(loop);
	printf("%d bytes, %d wake\n", received, wakes);

	g_thread_join(thread);
	g_main_loop_unref(loop);
	g_source_destroy(source);
	g_source_unref(source);
	cmio_waker_free(waker);
	cmio_close(&pair[0]);
	cmio_close(&pair[1]);
	cmio_poll_unref(poll);
	return 0;
}
