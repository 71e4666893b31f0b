/* SPDX-License-Identifier: MIT */
/*
 * Counts every system call of the libraries, and lets the program decide
 * whether it fails: for programs that contain the libraries' sources and are
 * linked with ld's --wrap for each call.
 *
 * faults --calls lists them; calls.sh compares the list with the objects.
 */
#ifndef TEST_CALLS_H
#define TEST_CALLS_H

#include "config.h"

#include <stdbool.h>

/* name, result, parameters, arguments, what it fails with */
#define CALLS(X)							\
X(accept, int, (int a, struct sockaddr *b, socklen_t *c), (a, b, c),	\
    ECONNABORTED, EMFILE, ENFILE, EINTR)				\
X(accept4, int, (int a, struct sockaddr *b, socklen_t *c, int d),	\
    (a, b, c, d), ECONNABORTED, EMFILE, ENFILE, ENOBUFS, EINTR)		\
X(bind, int, (int a, const struct sockaddr *b, socklen_t c), (a, b, c),	\
    EADDRINUSE, ENOBUFS)						\
X(connect, int, (int a, const struct sockaddr *b, socklen_t c),		\
    (a, b, c), ECONNREFUSED, ENOBUFS, EPERM)				\
X(epoll_create1, int, (int a), (a), EMFILE, ENFILE, ENOMEM)		\
X(epoll_pwait2, int, (int a, struct epoll_event *b, int c,		\
    const struct timespec *d, const sigset_t *e), (a, b, c, d, e),	\
    EINTR)								\
X(epoll_wait, int, (int a, struct epoll_event *b, int c, int d),	\
    (a, b, c, d), EINTR)						\
X(eventfd, int, (unsigned int a, int b), (a, b), EMFILE, ENFILE,	\
    ENOMEM)								\
X(fstat, int, (int a, struct stat *b), (a, b), ENOMEM, EOVERFLOW)	\
X(fstatfs, int, (int a, struct statfs *b), (a, b), ENOMEM)		\
X(getpeername, int, (int a, struct sockaddr *b, socklen_t *c),		\
    (a, b, c), ENOBUFS)							\
X(getsockname, int, (int a, struct sockaddr *b, socklen_t *c),		\
    (a, b, c), ENOBUFS)							\
X(getsockopt, int, (int a, int b, int c, void *d, socklen_t *e),	\
    (a, b, c, d, e), ENOBUFS)						\
X(listen, int, (int a, int b), (a, b), EADDRINUSE)			\
X(pipe, int, (int *a), (a), EMFILE, ENFILE)				\
X(pipe2, int, (int *a, int b), (a, b), EMFILE, ENFILE)			\
X(poll, int, (struct pollfd *a, nfds_t b, int c), (a, b, c), EINTR,	\
    ENOMEM)								\
X(ppoll, int, (struct pollfd *a, nfds_t b, const struct timespec *c,	\
    const sigset_t *d), (a, b, c, d), EINTR, ENOMEM)			\
X(read, ssize_t, (int a, void *b, size_t c), (a, b, c), EINTR,		\
    ECONNRESET)								\
X(readv, ssize_t, (int a, const struct iovec *b, int c), (a, b, c),	\
    EINTR, ECONNRESET)							\
X(recv, ssize_t, (int a, void *b, size_t c, int d), (a, b, c, d),	\
    EINTR, ENOMEM)							\
X(recvfrom, ssize_t, (int a, void *b, size_t c, int d,			\
    struct sockaddr *e, socklen_t *f), (a, b, c, d, e, f), EINTR,	\
    ENOMEM)								\
X(recvmmsg, int, (int a, struct mmsghdr *b, unsigned int c,		\
    int d, struct timespec *e), (a, b, messages(c), d, e), EINTR,	\
    ENOMEM)								\
X(recvmsg, ssize_t, (int a, struct msghdr *b, int c), (a, b, c), EINTR,	\
    ENOMEM)								\
X(send, ssize_t, (int a, const void *b, size_t c, int d), (a, b, c, d),	\
    EINTR, ENOBUFS)							\
X(sendmmsg, int, (int a, struct mmsghdr *b, unsigned int c,		\
    int d), (a, b, messages(c), d), EINTR, ENOBUFS)			\
X(sendmsg, ssize_t, (int a, const struct msghdr *b, int c), (a, b, c),	\
    EINTR, ENOBUFS)							\
X(sendto, ssize_t, (int a, const void *b, size_t c, int d,		\
    const struct sockaddr *e, socklen_t f), (a, b, c, d, e, f), EINTR,	\
    ENOBUFS)								\
X(setsockopt, int, (int a, int b, int c, const void *d, socklen_t e),	\
    (a, b, c, d, e), ENOBUFS, EPERM)					\
X(shutdown, int, (int a, int b), (a, b), ENOBUFS)			\
X(signalfd, int, (int a, const sigset_t *b, int c), (a, b, c), EMFILE,	\
    ENFILE, ENODEV, ENOMEM)						\
X(socket, int, (int a, int b, int c), (a, b, c), EMFILE, ENFILE,	\
    ENOBUFS, EACCES)							\
X(socketpair, int, (int a, int b, int c, int *d), (a, b, c, d), EMFILE,	\
    ENFILE)								\
X(waitid, int, (idtype_t a, id_t b, siginfo_t *c, int d), (a, b, c, d),	\
    EINTR)								\
X(write, ssize_t, (int a, const void *b, size_t c), (a, b, c), EINTR,	\
    EIO)								\
X(writev, ssize_t, (int a, const struct iovec *b, int c), (a, b, c),	\
    EINTR, ENOBUFS)

/* Calls that do not return -1, or have variable arguments. */
#define OTHERS(X)	X(calloc) X(close) X(epoll_ctl) X(fcntl)	\
			X(free) X(malloc) X(pthread_mutex_init)		\
			X(realloc) X(syscall)

enum call {
#define X(name, ...)	CALL_##name,
	CALLS(X)
#undef X
#define X(name)		CALL_##name,
	OTHERS(X)
#undef X
	CALL_COUNT
};

extern const char *const call_names[CALL_COUNT];

/* By this thread. */
extern _Thread_local int calls_made[CALL_COUNT];

/* How many messages the next batch of this thread moves at most; 0: any. */
extern _Thread_local unsigned int most_messages;

/* The number of allocated blocks of memory. */
extern long blocks;

/* Of the program: whether the next call has to fail; then sets errno. */
bool	call_fails(enum call call);

#endif
