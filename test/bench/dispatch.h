/* SPDX-License-Identifier: MIT */
/* Benchmarks of events, registrations and loops: see benchmarks.h. */
#ifndef BENCH_DISPATCH_H
#define BENCH_DISPATCH_H

/* K of N descriptors are ready at every wait; nothing is done with them. */
HANDLER(count_event)
{
	if (ready & READ)
		events += 1 + (long)(token & 1);
}

static inline __attribute__((always_inline)) void
dispatch_with(const struct job *job, void (*with)(struct loop *))
{
	long i;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	if (with != NULL)
		with(&loop);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i,
		    READ | LEVEL, CALLBACK(count_event));
	for (i = 0; i < job->k; i++)
		trigger(fds[i * job->n / job->k]);
	for (i = 0; i < 10; i++)
		loop_turn(&loop, 0, count_event);
	watch_start(&result);
	for (i = 0; i < job->count; i++)
		loop_turn(&loop, 0, count_event);
	watch_stop(&result);
	result.ops = job->count;
}

static void
dispatch(const struct job *job)
{
	dispatch_with(job, NULL);
}

static void
dispatch_waker(const struct job *job)
{
	dispatch_with(job, waker_on);
}

/* N descriptors; each of K events makes the next descriptor ready. */
HANDLER(pass_on)
{
	uint64_t value;

	(void)ready;
	if (read(fds[token], &value, sizeof(value)) == -1)
		err(1, "read");
	watch_drained(&watches[token]);
	if (++events <= wanted)
		trigger(fds[(token + 1) % (uintptr_t)closed]);
}

static void
chain(const struct job *job)
{
	long i;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(pass_on));
	closed = job->n;
	wanted = job->count;
	loop_turn(&loop, 0, pass_on);
	for (i = 0; i < job->k; i++)
		trigger(fds[i * job->n / job->k]);
	watch_start(&result);
	while (events < wanted)
		loop_turn(&loop, -1, pass_on);
	watch_stop(&result);
	result.ops = events;
	result.others = 2;
}

/* Registering N descriptors, changing them, and removing them. */
enum { ADD = 1, CHANGE = 2, REMOVE = 4 };

static void
churn(const struct job *job, int measured)
{
	long i, round;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	for (round = 0; round < job->count; round++) {
		if (measured & ADD)
			watch_start(&result);
		for (i = 0; i < job->n; i++)
			watch_add(&loop, &watches[i], fds[i], (uintptr_t)i,
			    READ, CALLBACK(count_event));
		if (measured & ADD)
			loop_turn(&loop, 0, count_event);
		if (measured == ADD)
			watch_stop(&result);
		if (measured == CHANGE)
			watch_start(&result);
		if (measured & CHANGE) {
			for (i = 0; i < job->n; i++)
				watch_change(&loop, &watches[i],
				    READ | WRITE);
			loop_turn(&loop, 0, count_event);
		}
		if (measured == CHANGE)
			watch_stop(&result);
		if (measured == REMOVE)
			watch_start(&result);
		for (i = 0; i < job->n; i++)
			watch_remove(&loop, &watches[i]);
		loop_turn(&loop, 0, count_event);
		if (measured & REMOVE)
			watch_stop(&result);
	}
	result.ops = job->count * job->n;
}

static void
add(const struct job *job)
{
	churn(job, ADD);
}

static void
change(const struct job *job)
{
	churn(job, CHANGE);
}

static void
remove_again(const struct job *job)
{
	churn(job, REMOVE);
}

static void
add_and_remove(const struct job *job)
{
	churn(job, ADD | REMOVE);
}

static void
add_change_remove(const struct job *job)
{
	churn(job, ADD | CHANGE | REMOVE);
}

/* Making a loop and closing it; if K is not 0, with a waker. */
static void
create(const struct job *job)
{
	long i;

	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		loop_open(&loop, variant);
		if (job->k)
			waker_on(&loop);
		if (job->k)
			waker_off(&loop);
		loop_close(&loop);
	}
	watch_stop(&result);
	result.ops = job->count;
}

/* The memory of a loop, of one with a waker, and of a descriptor. */
static void
memory(const struct job *job)
{
	size_t bare, waker, full, before;
	int i;

	make_eventfds(job->n);
	before = heap_bytes();
	loop_open(&loop, variant);
	loop_turn(&loop, 0, count_event);
	bare = heap_bytes();
	waker_on(&loop);
	loop_turn(&loop, 0, count_event);
	waker = heap_bytes();
	watch_start(&result);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(count_event));
	loop_turn(&loop, 0, count_event);
	watch_stop(&result);
	full = heap_bytes();
	result.ops = job->n;
	printf("loop %zu waker %zu each %.1f callers %zu ", bare - before,
	    waker - before, (double)(full - waker) / job->n,
	    sizeof(struct watch));
}

/* A timeout of K nanoseconds, and how long it takes. */
static void
sleep_long(const struct job *job)
{
	int64_t then;
	long i;

	loop_open(&loop, variant);
	samples = calloc((size_t)job->count, sizeof(*samples));
	if (samples == NULL)
		err(1, "calloc");
	loop_sleep(&loop, job->k);
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		then = clock_now(CLOCK_MONOTONIC);
		loop_sleep(&loop, job->k);
		samples[i] = clock_now(CLOCK_MONOTONIC) - then;
	}
	watch_stop(&result);
	result.ops = job->count;
	print_percentiles(samples, job->count);
}

#endif
