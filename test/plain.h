/* SPDX-License-Identifier: MIT */
/*
 * Non-blocking descriptors from plain system calls, for the tests of libcmio.
 * A failure ends the test.
 */
#ifndef TEST_PLAIN_H
#define TEST_PLAIN_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include <cmio.h>

void	plain_pipe(int fds[2]);			/* fds[0] is the read end */
void	plain_unix_pair(int fds[2]);
void	plain_tcp_pair(int fds[2]);
int	plain_tcp_listener(unsigned short *port);
int	plain_tcp_socket(void);
int	plain_udp_socket(unsigned short *port);

/* Returns the result of connect(2). */
int	plain_connect(int fd, unsigned short port);

/* Resets a TCP connection and closes fd. */
void	plain_reset(int fd);

/* Writes one byte. */
void	plain_put(int fd);
void	plain_get(int fd);

/* Reads until EAGAIN or the end, and rearms.  Returns the bytes read. */
size_t	plain_drain(struct cmio_source *source);
size_t	plain_fill(struct cmio_source *source);

void	plain_close(int fds[2]);

/* Initialises and registers a source. */
void	add(struct cmio_poll *poll, struct cmio_source *source, int fd,
	    uintptr_t token, unsigned int interest);
void	removed(struct cmio_poll *poll, struct cmio_source *source);

/* A poll that watches fds[0] of a pair with the token 1. */
struct watched {
	struct cmio_poll	*poll;
	struct cmio_source	 source;
	int			 fds[2];
};
void	watch(struct watched *w, int selector, void (*make_pair)(int fds[2]),
	    unsigned int interest);
void	unwatch(struct watched *w);

/* Monotonic, in nanoseconds. */
int64_t	clock_now(void);

/* A thread that runs a function to its end. */
struct task {
	void	(*run)(void *);
	void	*arg;
	void	*handle;
};
void	task_start(struct task *task, void (*run)(void *), void *arg);
void	task_join(struct task *task);

/*
 * Gives another thread time to fall asleep; no system reports whether it has.
 * A test that calls this is correct without it too, but then proves less.
 */
void	give_way(int ms);

#endif
