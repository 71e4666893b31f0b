/* SPDX-License-Identifier: MIT */
/* The system calls of calls.h as Winsock has them, and what it lacks. */
#ifndef CMIO_PORT_CALLS_WINDOWS_H
#define CMIO_PORT_CALLS_WINDOWS_H

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <afunix.h>

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "port/api_net.h"

/* Room for the name of an interface: numbers serve here. */
#ifndef IF_NAMESIZE
#define IF_NAMESIZE 16
#endif

int	cmio__sys_close(cmio_fd fd, unsigned int kind);
int	cmio__sys_bind(cmio_fd fd, const struct sockaddr *sa, socklen_t len);
int	cmio__sys_listen(cmio_fd fd, int backlog);
int	cmio__sys_connect(cmio_fd fd, const struct sockaddr *sa,
	    socklen_t len);
int	cmio__sys_shutdown(cmio_fd fd, int how);
int	cmio__sys_getsockname(cmio_fd fd, struct sockaddr *sa,
	    socklen_t *len);
int	cmio__sys_getpeername(cmio_fd fd, struct sockaddr *sa,
	    socklen_t *len);
int	cmio__sys_getsockopt(cmio_fd fd, int level, int name, void *value,
	    socklen_t *len);
int	cmio__sys_setsockopt(cmio_fd fd, int level, int name,
	    const void *value, socklen_t len);
ssize_t	cmio__sys_read(const struct cmio_source *source, void *buf,
	    size_t len);
ssize_t	cmio__sys_write(const struct cmio_source *source, const void *buf,
	    size_t len);
ssize_t	cmio__sys_readv(const struct cmio_source *source,
	    const struct iovec *iov, int iovcnt);
ssize_t	cmio__sys_writev(const struct cmio_source *source,
	    const struct iovec *iov, int iovcnt);
ssize_t	cmio__sys_recvfrom(cmio_fd fd, void *buf, size_t len, int flags,
	    struct sockaddr *sa, socklen_t *sa_len);
ssize_t	cmio__sys_sendto(cmio_fd fd, const void *buf, size_t len, int flags,
	    const struct sockaddr *sa, socklen_t sa_len);
ssize_t	cmio__sys_sendv(cmio_fd fd, const struct iovec *iov, int iovcnt,
	    int flags);
unsigned int cmio__sys_if_nametoindex(const char *name);
char	*cmio__sys_if_indextoname(unsigned int ifindex, char *name);
int	cmio__sys_reuse_address(cmio_fd fd);

#endif
