/* SPDX-License-Identifier: MIT */
/* The wrappers between the libraries and the system: see calls.h. */
#include "config.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "calls.h"

/* glibc's names of these, if off_t is wider than a register. */
#ifdef __USE_FILE_OFFSET64
#define __real_fcntl	__real_fcntl64
#define __wrap_fcntl	__wrap_fcntl64
#define __real_fstat	__real_fstat64
#define __wrap_fstat	__wrap_fstat64
#define __real_fstatfs	__real_fstatfs64
#define __wrap_fstatfs	__wrap_fstatfs64
#endif

const char *const call_names[] = {
#define X(name, ...)	#name,
	CALLS(X)
#undef X
#define X(name)		#name,
	OTHERS(X)
#undef X
};

_Thread_local int calls_made[CALL_COUNT];
_Thread_local unsigned int most_messages;
long blocks;

static bool
fails(enum call call)
{
	calls_made[call]++;
	return call_fails(call);
}

static unsigned int
messages(unsigned int n)
{
	const unsigned int most = most_messages;

	most_messages = 0;
	return most != 0 && most < n ? most : n;
}

#define X(name, type, params, args, ...)				\
type	__real_##name params;						\
type	__wrap_##name params;						\
type									\
__wrap_##name params							\
{									\
	return fails(CALL_##name) ? -1 : __real_##name args;		\
}
CALLS(X)
#undef X

void	*__real_calloc(size_t n, size_t size);
void	*__wrap_calloc(size_t n, size_t size);
int	 __real_close(int fd);
int	 __wrap_close(int fd);
int	 __real_epoll_ctl(int epfd, int operation, int fd,
	    struct epoll_event *event);
int	 __wrap_epoll_ctl(int epfd, int operation, int fd,
	    struct epoll_event *event);
int	 __real_fcntl(int fd, int command, ...);
int	 __wrap_fcntl(int fd, int command, ...);
void	 __real_free(void *p);
void	 __wrap_free(void *p);
void	*__real_malloc(size_t size);
void	*__wrap_malloc(size_t size);
int	 __real_pthread_mutex_init(pthread_mutex_t *mutex,
	    const pthread_mutexattr_t *attr);
int	 __wrap_pthread_mutex_init(pthread_mutex_t *mutex,
	    const pthread_mutexattr_t *attr);
void	*__real_realloc(void *p, size_t size);
void	*__wrap_realloc(void *p, size_t size);
long	 __real_syscall(long number, ...);
long	 __wrap_syscall(long number, ...);

void *
__wrap_calloc(size_t n, size_t size)
{
	void *p = fails(CALL_calloc) ? NULL : __real_calloc(n, size);

	blocks += p != NULL;
	return p;
}

void *
__wrap_malloc(size_t size)
{
	void *p = fails(CALL_malloc) ? NULL : __real_malloc(size);

	blocks += p != NULL;
	return p;
}

void *
__wrap_realloc(void *p, size_t size)
{
	void *q = fails(CALL_realloc) ? NULL : __real_realloc(p, size);

	blocks += p == NULL && q != NULL;
	return q;
}

void
__wrap_free(void *p)
{
	blocks -= p != NULL;
	__real_free(p);
}

int
__wrap_close(int fd)
{
	const int rc = __real_close(fd);

	/* It is closed nevertheless. */
	return fails(CALL_close) ? -1 : rc;
}

/* Removing needs no memory. */
int
__wrap_epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)
{
	if (operation == EPOLL_CTL_DEL)
		calls_made[CALL_epoll_ctl]++;
	else if (fails(CALL_epoll_ctl))
		return -1;
	return __real_epoll_ctl(epfd, operation, fd, event);
}

int
__wrap_fcntl(int fd, int command, ...)
{
	va_list ap;
	int arg;

	va_start(ap, command);
	arg = va_arg(ap, int);
	va_end(ap);
	return fails(CALL_fcntl) ? -1 : __real_fcntl(fd, command, arg);
}

int
__wrap_pthread_mutex_init(pthread_mutex_t *mutex,
    const pthread_mutexattr_t *attr)
{
	if (fails(CALL_pthread_mutex_init))
		return errno;
	return __real_pthread_mutex_init(mutex, attr);
}

/* Of pidfd_open(2), the one system call that is made so. */
long
__wrap_syscall(long number, ...)
{
	va_list ap;
	pid_t pid;
	int flags;

	va_start(ap, number);
	pid = va_arg(ap, pid_t);
	flags = va_arg(ap, int);
	va_end(ap);
	return fails(CALL_syscall) ? -1 : __real_syscall(number, pid, flags);
}
