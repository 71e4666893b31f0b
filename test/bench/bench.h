/* SPDX-License-Identifier: MIT */
/*
 * What every benchmark program includes first.
 *
 * The benchmarks are written once, in benchmarks.h, and compiled into one
 * program for each library, so that no layer of the benchmark's own is
 * measured.  The file of a library includes this header, defines what is
 * listed below, and includes benchmarks.h, which ends with main().
 */
#ifndef BENCH_H
#define BENCH_H

#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024 };		/* for one wait */

/*
 * A library defines:
 *
 * READ, WRITE		its own bits for these
 * LEVEL		added to them: level-triggered, if there is a choice
 * struct loop		and struct watch, one for each descriptor
 * HANDLER(name)	begins the definition of a function that takes a token
 *			and the bits that are ready
 * CALLBACK(name)	the argument of watch_add() for that handler
 *
 * void loop_open(struct loop *, const char *variant);
 * void loop_close(struct loop *);
 * void loop_turn(struct loop *, int64_t timeout, handler);
 *	waits for 0 or -1 (no limit) nanoseconds, and handles what is ready
 * void loop_sleep(struct loop *, int64_t timeout);
 *	waits that long without events
 * void waker_on(struct loop *);
 * void waker_off(struct loop *);
 * void loop_wake(struct loop *);
 *	any thread; ends the loop's next iteration after a call of its handler
 *	or of note_wake()
 *
 * void watch_add(struct loop *, struct watch *, int fd, uintptr_t token,
 *	    unsigned int bits, callback);
 * void watch_change(struct loop *, struct watch *, unsigned int bits);
 * void watch_remove(struct loop *, struct watch *);
 * void watch_close(struct loop *, struct watch *);
 *	removes it if that is necessary, and closes it
 * void watch_drained(struct watch *);
 *	its descriptor was read without the library
 * ssize_t watch_recv(struct watch *, void *, size_t);
 * ssize_t watch_send(struct watch *, const void *, size_t);
 * int watch_accept(struct watch *listener, struct watch *stream);
 *
 * A library that cannot do something calls unable().
 */
static inline void
unable(void)
{
	exit(77);
}

static inline int64_t
clock_now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Wakes that the loop of this thread has seen. */
extern _Thread_local long woken;

static inline void
note_wake(void)
{
	woken++;
}

/* The arguments of a benchmark. */
struct job {
	int	n;
	int	k;
	long	count;
};

/* Its results; times are those of the measured part only. */
struct result {
	long	ops;
	int64_t	cpu;		/* nanoseconds of this process */
	int64_t	wall;
	double	others;		/* calls per operation not by the loop */
	long	allocs;
};

/* Measures CPU time, elapsed time and allocations. */
void	watch_start(struct result *result);
void	watch_stop(struct result *result);

/* Allocations since the program began, by all its code. */
long	allocations(void);
size_t	heap_bytes(void);

/* Raises the limit, or ends the program as unable(). */
void	need_descriptors(int n);

/* A connected pair over TCP; its listener is closed. */
void	tcp_pair(int fds[2]);
/* On 127.0.0.1, non-blocking, with a random port. */
int	tcp_listener(struct sockaddr_in *addr);

/* Starts the load of load.c: returns a pipe with its results. */
int	load_start(const struct sockaddr_in *addr, const struct job *job);
void	load_report(int fd);

/* Sorts the samples and prints their percentiles. */
void	print_percentiles(int64_t *samples, long n);

#endif
