/* SPDX-License-Identifier: MIT */
/*
 * Threads on one poll at once: some wake it, some write to descriptors that
 * it watches, some register, reregister, deregister and close, and one
 * waits.  Every wake and every byte is waited for by who sent it, so that a
 * lost one stands still, which the waiter's timeout tells.
 *
 * stress [wakes [selector]]
 */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

#include "selectors.h"

#define STILL	INT64_C(30000000000)

enum { WAKERS = 2, WRITERS = 2, CHURNERS = 2, BURST = 4 };
enum { WAKER_TOKEN = 100, READER_TOKEN = 200, CHURN_TOKEN = 300, END = 400 };

struct line {
	struct stress		*stress;
	pthread_t		 thread;
	atomic_ulong		 sent, seen;
	struct cmio_waker	*waker;
	struct cmio_source	 ends[2];
};

struct stress {
	struct cmio_poll	*poll;
	struct line		 wakers[WAKERS];
	struct line		 writers[WRITERS];
	struct line		 churners[CHURNERS];
	struct cmio_waker	*end;
	unsigned long		 wakes;		/* of each waker */
	atomic_bool		 over;
	atomic_ulong		 failures;
	unsigned long		 waits;
};

static bool
wrong(struct stress *s, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	atomic_fetch_add(&s->failures, 1);
	atomic_store(&s->over, true);
	return false;
}

/* Until the waiter has seen all that was sent. */
static void
await(struct line *line)
{
	while (atomic_load(&line->seen) < atomic_load(&line->sent) &&
	    atomic_load(&line->stress->failures) == 0)
		sched_yield();
}

static void *
wake(void *arg)
{
	struct line *line = arg;
	struct stress *s = line->stress;
	unsigned long i;

	for (i = 1; i <= s->wakes && atomic_load(&s->failures) == 0; i++) {
		atomic_fetch_add(&line->sent, 1);
		if (cmio_waker_wake(line->waker) == -1)
			wrong(s, "cmio_waker_wake");
		if (i % BURST == 0 || i % 7 == 0 || i == s->wakes)
			await(line);
	}
	return NULL;
}

static void *
write_bytes(void *arg)
{
	struct line *line = arg;
	struct stress *s = line->stress;

	while (!atomic_load(&s->over)) {
		atomic_fetch_add(&line->sent, 1);
		if (cmio_write(&line->ends[1], "x", 1) != 1)
			wrong(s, "cmio_write");
		await(line);
	}
	return NULL;
}

static bool
churn_once(struct stress *s, struct line *line, unsigned long i)
{
	const uintptr_t token = CHURN_TOKEN + (i & 7);
	struct cmio_source pair[2];

	if (cmio_unix_pair(pair, SOCK_STREAM) == -1)
		return wrong(s, "cmio_unix_pair");
	if (cmio_register(s->poll, &pair[0], token, CMIO_READABLE |
	    CMIO_WRITABLE | (i & 8 ? CMIO_LEVEL : 0)) == -1)
		return wrong(s, "cmio_register");
	if (i & 16 && cmio_write(&pair[1], "y", 1) != 1)
		return wrong(s, "cmio_write");
	if (cmio_reregister(s->poll, &pair[0], token, CMIO_READABLE) == -1)
		return wrong(s, "cmio_reregister");
	if (i & 32 && cmio_deregister(s->poll, &pair[0]) == -1)
		return wrong(s, "cmio_deregister");
	cmio_close(&pair[i & 1]);
	cmio_close(&pair[~i & 1]);
	atomic_fetch_add(&line->sent, 1);
	return true;
}

static void *
churn(void *arg)
{
	struct line *line = arg;
	unsigned long i = 0;

	while (!atomic_load(&line->stress->over) &&
	    churn_once(line->stress, line, i))
		i++;
	return NULL;
}

static void
take_bytes(struct stress *s, struct line *line)
{
	char buf[64];
	ssize_t n;

	while ((n = cmio_read(&line->ends[0], buf, sizeof(buf))) > 0)
		atomic_fetch_add(&line->seen, (unsigned long)n);
	if (n == 0 || errno != EAGAIN)
		wrong(s, "cmio_read");
}

/* Returns whether the end was announced. */
static bool
handle(struct stress *s, const struct cmio_event *event)
{
	struct line *line;

	if (event->token >= WAKER_TOKEN &&
	    event->token < WAKER_TOKEN + WAKERS) {
		line = &s->wakers[event->token - WAKER_TOKEN];
		atomic_store(&line->seen, atomic_load(&line->sent));
	} else if (event->token >= READER_TOKEN &&
	    event->token < READER_TOKEN + WRITERS)
		take_bytes(s, &s->writers[event->token - READER_TOKEN]);
	else if (event->token < CHURN_TOKEN || event->token > END)
		wrong(s, "a token of nobody's");
	return event->token == END;
}

static void *
wait_for_all(void *arg)
{
	struct stress *s = arg;
	struct cmio_event events[8];
	bool ended = false;
	int i, n;

	while (!ended && atomic_load(&s->failures) == 0) {
		n = cmio_poll_wait(s->poll, events, 1 + (int)(s->waits++ % 8),
		    STILL);
		if (n == 0)
			errno = ETIMEDOUT;
		if (n < 1)
			wrong(s, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			ended |= handle(s, &events[i]);
	}
	return NULL;
}

static bool
set_up(struct stress *s)
{
	int i;

	for (i = 0; i < WAKERS; i++) {
		s->wakers[i].stress = s;
		s->wakers[i].waker = cmio_waker_new(s->poll,
		    (uintptr_t)(WAKER_TOKEN + i));
		if (s->wakers[i].waker == NULL)
			return wrong(s, "cmio_waker_new");
	}
	for (i = 0; i < WRITERS; i++) {
		s->writers[i].stress = s;
		if (cmio_unix_pair(s->writers[i].ends, SOCK_STREAM) == -1 ||
		    cmio_register(s->poll, &s->writers[i].ends[0],
		    (uintptr_t)(READER_TOKEN + i), CMIO_READABLE) == -1)
			return wrong(s, "cmio_unix_pair");
	}
	for (i = 0; i < CHURNERS; i++)
		s->churners[i].stress = s;
	s->end = cmio_waker_new(s->poll, END);
	return s->end != NULL || wrong(s, "cmio_waker_new");
}

static void
start(struct line *lines, int n, void *(*run)(void *))
{
	int i;

	for (i = 0; i < n; i++)
		if (pthread_create(&lines[i].thread, NULL, run, &lines[i]) !=
		    0)
			abort();
}

static unsigned long
join(struct line *lines, int n)
{
	unsigned long sent = 0;
	int i;

	for (i = 0; i < n; i++) {
		pthread_join(lines[i].thread, NULL);
		sent += atomic_load(&lines[i].sent);
	}
	return sent;
}

static void
tear_down(struct stress *s)
{
	int i;

	for (i = 0; i < WAKERS; i++)
		cmio_waker_free(s->wakers[i].waker);
	for (i = 0; i < WRITERS; i++) {
		cmio_close(&s->writers[i].ends[0]);
		cmio_close(&s->writers[i].ends[1]);
	}
	cmio_waker_free(s->end);
}

static void
run_threads(struct stress *s, const char *selector)
{
	unsigned long wakes, bytes, changes;
	pthread_t waiter;

	if (pthread_create(&waiter, NULL, wait_for_all, s) != 0)
		abort();
	start(s->wakers, WAKERS, wake);
	start(s->writers, WRITERS, write_bytes);
	start(s->churners, CHURNERS, churn);
	wakes = join(s->wakers, WAKERS);
	atomic_store(&s->over, true);
	bytes = join(s->writers, WRITERS);
	changes = join(s->churners, CHURNERS);
	cmio_waker_wake(s->end);
	pthread_join(waiter, NULL);
	printf("%s: %lu wakes, %lu edges, %lu registrations, %lu waits, "
	    "%lu failures\n", selector, wakes, bytes, changes, s->waits,
	    atomic_load(&s->failures));
	fflush(stdout);
}

static bool
stress(const char *selector, unsigned long wakes)
{
	static struct stress s;

	memset(&s, 0, sizeof(s));
	s.wakes = wakes / WAKERS;
	s.poll = cmio_poll_new(selector);
	if (s.poll == NULL)
		return wrong(&s, selector);
	if (set_up(&s))
		run_threads(&s, selector);
	tear_down(&s);
	cmio_poll_unref(s.poll);
	return atomic_load(&s.failures) == 0;
}

int
main(int argc, char **argv)
{
	unsigned long wakes = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000;
	const char *names[MOST_SELECTORS + 1], *const *name;
	int failed = 0, ran = 0;

	for (name = selectors_to_test(names); *name != NULL; name++) {
		if (argc > 2 && strcmp(argv[2], *name) != 0)
			continue;
		ran++;
		failed += !stress(*name, wakes);
	}
	return ran != 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
