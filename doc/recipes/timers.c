/* SPDX-License-Identifier: MIT */
/* Timers: a heap, whose first timer gives the timeout of the wait. */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmio.h>

#define MS	INT64_C(1000000)	/* nanoseconds */

struct timer {
	int64_t	 when;			/* as now() */
	int	 at;			/* in the heap */
	void	(*run)(struct timer *);
};

enum { MAX_TIMERS = 1000 };
static struct timer *heap[MAX_TIMERS];	/* the next timer is heap[0] */
static int ntimers;

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void
place(struct timer *timer, int at)
{
	heap[at] = timer;
	timer->at = at;
}

static void
sift_up(struct timer *timer, int at)
{
	for (; at > 0 && timer->when < heap[(at - 1) / 2]->when;
	    at = (at - 1) / 2)
		place(heap[(at - 1) / 2], at);
	place(timer, at);
}

static void
sift_down(struct timer *timer, int at)
{
	int child;

	for (; (child = 2 * at + 1) < ntimers; at = child) {
		if (child + 1 < ntimers &&
		    heap[child + 1]->when < heap[child]->when)
			child++;
		if (timer->when <= heap[child]->when)
			break;
		place(heap[child], at);
	}
	place(timer, at);
}

static int
timer_start(struct timer *timer, int64_t delay, void (*run)(struct timer *))
{
	if (ntimers == MAX_TIMERS)
		return -1;
	timer->when = now() + delay;
	timer->run = run;
	sift_up(timer, ntimers++);
	return 0;
}

static void
timer_stop(struct timer *timer)
{
	struct timer *last = heap[--ntimers];

	if (last != timer) {
		sift_up(last, timer->at);
		sift_down(last, last->at);
	}
}

static void
run_timers(void)
{
	int64_t time = now();
	struct timer *timer;

	while (ntimers > 0 && heap[0]->when <= time) {
		timer = heap[0];
		timer_stop(timer);
		timer->run(timer);
	}
}

/* For cmio_poll_wait(). */
static int64_t
timeout(void)
{
	int64_t left;

	if (ntimers == 0)
		return -1;
	left = heap[0]->when - now();
	return left > 0 ? left : 0;
}

static int ticks;

static void
tick(struct timer *timer)
{
	printf("tick\n");
	if (++ticks < 3)
		timer_start(timer, 10 * MS, tick);
}

static void
never(struct timer *timer)
{
	(void)timer;
	errx(1, "this timer was stopped");
}

int
main(void)
{
	struct timer ticker, stopped;
	struct cmio_event events[16];
	struct cmio_poll *poll = cmio_poll_new(NULL);

	if (poll == NULL)
		err(1, "cmio_poll_new");
	timer_start(&stopped, 20 * MS, never);
	timer_start(&ticker, 10 * MS, tick);
	timer_stop(&stopped);
	while (ntimers > 0) {
		if (cmio_poll_wait(poll, events, 16, timeout()) == -1 &&
		    errno != EINTR)
			err(1, "cmio_poll_wait");
		run_timers();
	}
	cmio_poll_unref(poll);
	return ticks != 3;
}
