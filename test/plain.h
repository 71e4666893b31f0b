/* SPDX-License-Identifier: MIT */
/*
 * Descriptors from plain system calls, non-blocking, for the tests of
 * libcmio.  Whatever fails ends the test.
 */
#ifndef TEST_PLAIN_H
#define TEST_PLAIN_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include <cmio.h>

void	plain_pipe(int fds[2]);			/* fds[0] is read */
void	plain_unix_pair(int fds[2]);
void	plain_tcp_pair(int fds[2]);
int	plain_tcp_listener(unsigned short *port);
int	plain_tcp_socket(void);
int	plain_udp_socket(unsigned short *port);

/* Returns what connect(2) does. */
int	plain_connect(int fd, unsigned short port);

/* Resets a TCP connection; fd is closed. */
void	plain_reset(int fd);

/* One byte. */
void	plain_put(int fd);
void	plain_get(int fd);

/* Until EAGAIN, or the end; then the source is rearmed.  Returns bytes. */
size_t	plain_drain(struct cmio_source *source);
size_t	plain_fill(struct cmio_source *source);

void	plain_close(int fds[2]);

/* A source that is registered, or else the test fails. */
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
 * Lets another thread get on, so that it is likely asleep: no system tells
 * whether it is.  A test that calls this holds without it too, and then
 * proves less.
 */
void	give_way(int ms);

#endif
