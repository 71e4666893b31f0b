/* SPDX-License-Identifier: MIT */
/*
 * What every benchmark program begins with.
 *
 * The benchmarks are written once, in benchmarks.h, and compiled into one
 * program for each library, so that no layer of ours lies between a
 * benchmark and what it measures.  The file of a library includes this
 * header, defines what stands below under "a library defines", and includes
 * benchmarks.h, which ends with main().
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

enum { EVENTS = 1024 };		/* that one wait may bring */

/*
 * A library defines:
 *
 * READ, WRITE		its own bits for these
 * LEVEL		or-ed to them: do not take an edge, where one can choose
 * struct loop		and struct watch, one for each descriptor
 * HANDLER(name)	begins the definition of a function that takes a token
 *			and the bits that are ready
 * CALLBACK(name)	what watch_add() is to be given for that handler
 *
 * void loop_open(struct loop *, const char *variant);
 * void loop_close(struct loop *);
 * void loop_turn(struct loop *, int64_t timeout, handler);
 *	waits for 0 or -1 (for ever) nanoseconds, and handles what is ready
 * void loop_sleep(struct loop *, int64_t timeout);
 *	waits that long for nothing
 * void waker_on(struct loop *);
 * void waker_off(struct loop *);
 * void loop_wake(struct loop *);
 *	any thread; the loop's next turn ends, after a call of its handler or
 *	of note_wake()
 *
 * void watch_add(struct loop *, struct watch *, int fd, uintptr_t token,
 *	    unsigned int bits, callback);
 * void watch_change(struct loop *, struct watch *, unsigned int bits);
 * void watch_remove(struct loop *, struct watch *);
 * void watch_close(struct loop *, struct watch *);
 *	removes as far as one must, and closes
 * void watch_drained(struct watch *);
 *	its descriptor was read from without the library
 * ssize_t watch_recv(struct watch *, void *, size_t);
 * ssize_t watch_send(struct watch *, const void *, size_t);
 * int watch_accept(struct watch *listener, struct watch *stream);
 *
 * Whoever cannot do something says unable().
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

/* What a benchmark was asked for. */
struct job {
	int	n;
	int	k;
	long	count;
};

/* What it found; a time is that of the measured part alone. */
struct result {
	long	ops;
	int64_t	cpu;		/* nanoseconds of this process */
	int64_t	wall;
	double	others;		/* system calls an operation not the loop's */
	long	allocs;
};

/* Nanoseconds of CPU and of time, and allocations, while it runs. */
void	watch_start(struct result *result);
void	watch_stop(struct result *result);

/* Allocations since the program began, made by whoever is in it. */
long	allocations(void);
size_t	heap_bytes(void);

/* Raises the limit, or ends the program as unable(). */
void	need_descriptors(int n);

/* A connected pair over TCP, the listener behind it closed. */
void	tcp_pair(int fds[2]);
/* On 127.0.0.1, non-blocking, of a random port. */
int	tcp_listener(struct sockaddr_in *addr);

/* Starts the load of load.c: returns a pipe that its findings come from. */
int	load_start(const struct sockaddr_in *addr, const struct job *job);
void	load_report(int fd);

/* Prints what percentiles the samples have, and sorts them. */
void	print_percentiles(int64_t *samples, long n);

#endif
