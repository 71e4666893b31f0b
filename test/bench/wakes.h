/* SPDX-License-Identifier: MIT */
/* Benchmarks of wakers and of threads: see benchmarks.h. */
#ifndef BENCH_WAKES_H
#define BENCH_WAKES_H

/* Waking a loop that runs: N times between two iterations. */
HANDLER(count_wake)
{
	(void)token;
	(void)ready;
	note_wake();
}

static void
wake_busy(const struct job *job)
{
	long i;
	int j;

	loop_open(&loop, variant);
	waker_on(&loop);
	loop_wake(&loop);
	loop_turn(&loop, 0, count_wake);
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		for (j = 0; j < job->n; j++)
			loop_wake(&loop);
		loop_turn(&loop, 0, count_wake);
	}
	watch_stop(&result);
	if (woken < job->count)
		errx(1, "%ld wakes for %ld turns", woken, job->count);
	result.ops = job->count * job->n;
}

/* Two threads that wake each other. */
static struct loop loops[2];

static void
wait_for_wake(struct loop *l, long n)
{
	while (woken < n)
		loop_turn(l, -1, count_wake);
}

static void *
answer_wakes(void *arg)
{
	const struct job *job = arg;
	long i;

	for (i = 1; i <= job->count; i++) {
		wait_for_wake(&loops[1], i);
		loop_wake(&loops[0]);
	}
	return NULL;
}

static void
wake_trip(const struct job *job)
{
	pthread_t thread;
	int64_t then;
	long i;

	for (i = 0; i < 2; i++) {
		loop_open(&loops[i], variant);
		waker_on(&loops[i]);
	}
	samples = calloc((size_t)job->count, sizeof(*samples));
	if (samples == NULL ||
	    pthread_create(&thread, NULL, answer_wakes, (void *)job) != 0)
		err(1, "wake_trip");
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		then = clock_now(CLOCK_MONOTONIC);
		loop_wake(&loops[1]);
		wait_for_wake(&loops[0], i + 1);
		samples[i] = clock_now(CLOCK_MONOTONIC) - then;
	}
	watch_stop(&result);
	pthread_join(thread, NULL);
	result.ops = job->count;
	print_percentiles(samples, job->count);
}

/*
 * A thread stores numbers, and wakes the loop for each; from time to time it
 * waits until the loop has seen the last.  A lost wake stops both for ever.
 */
static atomic_long stored, seen;

static void *
store_numbers(void *arg)
{
	const struct job *job = arg;
	unsigned int random = 1;
	long i;

	for (i = 1; i <= job->count; i++) {
		atomic_store(&stored, i);
		loop_wake(&loop);
		random = random * 1103515245 + 12345;
		if ((random >> 16) % (unsigned int)job->n == 0 ||
		    i == job->count)
			while (atomic_load(&seen) != i)
				sched_yield();
	}
	return NULL;
}

static void
wake_storm(const struct job *job)
{
	pthread_t thread;

	loop_open(&loop, variant);
	waker_on(&loop);
	alarm(600);
	watch_start(&result);
	if (pthread_create(&thread, NULL, store_numbers, (void *)job) != 0)
		err(1, "pthread_create");
	while (atomic_load(&seen) < job->count) {
		loop_turn(&loop, -1, count_wake);
		atomic_store(&seen, atomic_load(&stored));
	}
	watch_stop(&result);
	pthread_join(thread, NULL);
	result.ops = job->count;
	printf("turns %ld ", woken);
}

/*
 * N threads, each with its own loop, wait for one listener; K: with EXCLUSIVE.
 * How often does a thread go to sleep for each connection?  Some threads that
 * wake without an event stay in the kernel, and only the kernel counts them.
 */
static atomic_int sleeping, accepted;
static _Thread_local struct watch listening;
static int shared;

static long
sleeps_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return usage.ru_nvcsw;
}

HANDLER(accept_one)
{
	int fd;

	(void)token;
	(void)ready;
	while ((fd = accept4(shared, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		close(fd);
		atomic_fetch_add(&accepted, 1);
	}
	watch_drained(&listening);
}

static void *
share_listener(void *arg)
{
	const struct job *job = arg;
	struct loop *own = calloc(1, sizeof(*own));

	if (own == NULL)
		err(1, "calloc");
	loop_open(own, variant);
	watch_add(own, &listening, shared, 0, job->k ? READ | EXCLUSIVE : READ,
	    CALLBACK(accept_one));
	for (;;) {
		atomic_fetch_add(&sleeping, 1);
		loop_turn(own, -1, accept_one);
	}
	return NULL;
}

static void
herd(const struct job *job)
{
	const struct timespec settle = { .tv_nsec = 2000000 };
	struct sockaddr_in addr;
	pthread_t thread;
	long i, sleeps;
	int fd;

	if (EXCLUSIVE == 0 && job->k)
		unable();
	shared = tcp_listener(&addr);
	for (i = 0; i < job->n; i++)
		if (pthread_create(&thread, NULL, share_listener,
		    (void *)job) != 0)
			err(1, "pthread_create");
	while (atomic_load(&sleeping) < job->n)
		nanosleep(&settle, NULL);
	nanosleep(&settle, NULL);
	watch_start(&result);
	sleeps = sleeps_of(RUSAGE_THREAD) - sleeps_of(RUSAGE_SELF);
	for (i = 0; i < job->count; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd == -1 || connect(fd, (struct sockaddr *)&addr,
		    sizeof(addr)) == -1)
			err(1, "connect");
		while (atomic_load(&accepted) <= i)
			nanosleep(&settle, NULL);
		nanosleep(&settle, NULL);
		close(fd);
	}
	watch_stop(&result);
	result.ops = job->count;
	sleeps += sleeps_of(RUSAGE_SELF) - sleeps_of(RUSAGE_THREAD);
	printf("sleeps %.2f ", (double)sleeps / (double)job->count);
}

#endif
