/* SPDX-License-Identifier: MIT */
/*
 * cmio/process.h: signals and children as sources of cmio.h, on Unix.
 *
 * Register &x.source for CMIO_READABLE, and end it with cmio_close(&x.source).
 */
#ifndef CMIO_PROCESS_H
#define CMIO_PROCESS_H

#include <cmio.h>

#include <sys/types.h>

#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Signals that the caller has blocked in every thread. */
struct cmio_signals {
	struct cmio_source	 source;
	sigset_t		 set;		/* private, and the rest */
	void			*state[2];
};
int	 cmio_signals_open(struct cmio_signals *signals, const sigset_t *set);
/* Returns the number of a signal, which is then no longer pending. */
int	 cmio_signals_take(struct cmio_signals *signals);

/* A child of the calling process: readable when it has ended. */
struct cmio_child {
	struct cmio_source	 source;
	pid_t			 pid;
	unsigned int		 flags;		/* private, and the rest */
	void			*state[2];
};
int	 cmio_child_open(struct cmio_child *child, pid_t pid);
/* Reaps it; *status is as of waitpid(2). */
int	 cmio_child_wait(struct cmio_child *child, int *status);

#ifdef __cplusplus
}
#endif

#endif
