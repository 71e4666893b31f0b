/* SPDX-License-Identifier: MIT */
/*
 * The part of POSIX that the tests use, for Windows: sockets are ints, pipes
 * and pairs are TCP connections, errors are in errno.  The headers in this
 * directory are used only on Windows, in place of the system's.
 */
#ifndef TEST_WINDOWS_POSIX_H
#define TEST_WINDOWS_POSIX_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <afunix.h>

#include <sys/types.h>

#include <errno.h>
#include <io.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmio/net.h>

#define F_DUPFD		0
#define F_GETFD		1
#define F_GETFL		3
#define F_SETFL		4
#define FD_CLOEXEC	1
#define O_NONBLOCK	0x4000
#define IF_NAMESIZE	16
#define MSG_TRUNC	0

typedef uint16_t in_port_t;
typedef unsigned long nfds_t;

/* Without ancillary data: only vectors. */
struct msghdr {
	void		*msg_name;
	socklen_t	 msg_namelen;
	struct iovec	*msg_iov;
	int		 msg_iovlen;
	int		 msg_flags;
};

static inline ssize_t
cmio_recvmsg(struct cmio_source *source, struct msghdr *msg, int flags)
{
	(void)flags;
	if (msg == NULL) {
		errno = EINVAL;
		return -1;
	}
	return cmio_readv(source, msg->msg_iov, msg->msg_iovlen);
}

static inline ssize_t
cmio_sendmsg(struct cmio_source *source, const struct msghdr *msg, int flags)
{
	(void)flags;
	if (msg == NULL) {
		errno = EINVAL;
		return -1;
	}
	return cmio_writev(source, msg->msg_iov, msg->msg_iovlen);
}

/* Interfaces have no names that tests know. */
static inline unsigned int
if_nametoindex(const char *name)
{
	(void)name;
	return 0;
}

static inline char *
if_indextoname(unsigned int ifindex, char *name)
{
	(void)ifindex;
	(void)name;
	return NULL;
}

char	*mkdtemp(char *path);
int	posix_socket(int family, int type, int protocol);
int	posix_socketpair(int family, int type, int protocol, int fds[2]);
int	posix_pipe(int fds[2]);
int	posix_accept(int fd, struct sockaddr *sa, socklen_t *len);
int	posix_bind(int fd, const struct sockaddr *sa, socklen_t len);
int	posix_close(int fd);
int	posix_connect(int fd, const struct sockaddr *sa, socklen_t len);
int	posix_dup(int fd);
int	posix_fcntl(int fd, int command, ...);
int	posix_getpeername(int fd, struct sockaddr *sa, socklen_t *len);
int	posix_getsockname(int fd, struct sockaddr *sa, socklen_t *len);
int	posix_getsockopt(int fd, int level, int name, void *value,
	    socklen_t *len);
int	posix_listen(int fd, int backlog);
int	posix_poll(struct pollfd *fds, nfds_t n, int timeout);
int	posix_setsockopt(int fd, int level, int name, const void *value,
	    socklen_t len);
int	posix_shutdown(int fd, int how);
ssize_t	posix_read(int fd, void *buf, size_t len);
ssize_t	posix_recv(int fd, void *buf, size_t len, int flags);
ssize_t	posix_send(int fd, const void *buf, size_t len, int flags);
ssize_t	posix_write(int fd, const void *buf, size_t len);

#define socket		posix_socket
#define socketpair	posix_socketpair
#define pipe		posix_pipe
#define accept		posix_accept
#define bind		posix_bind
#define close		posix_close
#define connect		posix_connect
#define dup		posix_dup
#define fcntl		posix_fcntl
#define getpeername	posix_getpeername
#define getsockname	posix_getsockname
#define getsockopt	posix_getsockopt
#define listen		posix_listen
#define poll(...)	posix_poll(__VA_ARGS__)
#define setsockopt	posix_setsockopt
#define shutdown	posix_shutdown
#define read		posix_read
#define recv		posix_recv
#define send		posix_send
#define write		posix_write

#endif
