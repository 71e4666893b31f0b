/* SPDX-License-Identifier: MIT */
/*
 * cmio/net.h: non-blocking sockets and pipes as sources of cmio.h.
 *
 * Every source made here is non-blocking and close-on-exec.  Sockets raise no
 * SIGPIPE.
 */
#ifndef CMIO_NET_H
#define CMIO_NET_H

#include <cmio.h>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <sys/types.h>
#else
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <netinet/in.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef _WIN32
/* The macros say that another header has declared the type. */
#if !defined(HAVE_STRUCT_IOVEC) && !defined(_STRUCT_IOVEC) && \
    !defined(__iovec_defined)
#define _STRUCT_IOVEC
struct iovec {
	void	*iov_base;
	size_t	 iov_len;
};
#endif
#if defined(_MSC_VER) && !defined(_SSIZE_T_) && !defined(_SSIZE_T_DEFINED)
#define _SSIZE_T_
#define _SSIZE_T_DEFINED
typedef intptr_t ssize_t;
#endif
#ifndef SHUT_RD
#define SHUT_RD		SD_RECEIVE
#define SHUT_WR		SD_SEND
#define SHUT_RDWR	SD_BOTH
#endif
#endif

/* A socket address.  If there is none, len is 0 and the family AF_UNSPEC. */
struct cmio_addr {
	socklen_t		len;
	struct sockaddr_storage	ss;
};
int	 CMIO_CALL cmio_addr_parse(struct cmio_addr *addr, const char *text);
int	 CMIO_CALL cmio_addr_format(const struct cmio_addr *addr, char *buf,
	    size_t size);
int	 CMIO_CALL cmio_addr_unix(struct cmio_addr *addr, const void *name,
	    size_t len);
const void *CMIO_CALL cmio_addr_unix_name(const struct cmio_addr *addr,
	    size_t *len);

/* Make sources step by step. */
int	 CMIO_CALL cmio_socket(struct cmio_source *source, int family,
	    int type, int protocol);
int	 CMIO_CALL cmio_bind(struct cmio_source *source,
	    const struct cmio_addr *addr);
int	 CMIO_CALL cmio_listen(struct cmio_source *source, int backlog);
int	 CMIO_CALL cmio_connect(struct cmio_source *source,
	    const struct cmio_addr *peer);
int	 CMIO_CALL cmio_accept(struct cmio_source *listener,
	    struct cmio_source *stream, struct cmio_addr *peer);
int	 CMIO_CALL cmio_shutdown(struct cmio_source *source, int how);
int	 CMIO_CALL cmio_close(struct cmio_source *source);
int	 CMIO_CALL cmio_set_nonblocking(struct cmio_source *source, int on);
/* Takes over a descriptor that came from elsewhere. */
int	 CMIO_CALL cmio_adopt(struct cmio_source *source, cmio_fd fd);

/* Make sources in one step. */
int	 CMIO_CALL cmio_tcp_listen(struct cmio_source *listener,
	    const struct cmio_addr *addr);
int	 CMIO_CALL cmio_tcp_connect(struct cmio_source *stream,
	    const struct cmio_addr *peer);
int	 CMIO_CALL cmio_udp_bind(struct cmio_source *source,
	    const struct cmio_addr *addr);
int	 CMIO_CALL cmio_unix_listen(struct cmio_source *listener,
	    const struct cmio_addr *addr);
int	 CMIO_CALL cmio_unix_connect(struct cmio_source *stream,
	    const struct cmio_addr *peer);
int	 CMIO_CALL cmio_unix_datagram(struct cmio_source *source,
	    const struct cmio_addr *addr);
int	 CMIO_CALL cmio_unix_pair(struct cmio_source pair[2], int type);
int	 CMIO_CALL cmio_pipe(struct cmio_source *reader,
	    struct cmio_source *writer);

int	 CMIO_CALL cmio_local_addr(const struct cmio_source *source,
	    struct cmio_addr *addr);
int	 CMIO_CALL cmio_peer_addr(const struct cmio_source *source,
	    struct cmio_addr *addr);
int	 CMIO_CALL cmio_finish_connect(struct cmio_source *stream);
int	 CMIO_CALL cmio_take_error(struct cmio_source *source);

/* The system calls of these names; they rearm the source after EAGAIN. */
ssize_t	 CMIO_CALL cmio_read(struct cmio_source *source, void *buf,
	    size_t len);
ssize_t	 CMIO_CALL cmio_write(struct cmio_source *source, const void *buf,
	    size_t len);
ssize_t	 CMIO_CALL cmio_readv(struct cmio_source *source,
	    const struct iovec *iov, int iovcnt);
ssize_t	 CMIO_CALL cmio_writev(struct cmio_source *source,
	    const struct iovec *iov, int iovcnt);
ssize_t	 CMIO_CALL cmio_recv(struct cmio_source *source, void *buf, size_t len,
	    int flags);
ssize_t	 CMIO_CALL cmio_send(struct cmio_source *source, const void *buf,
	    size_t len, int flags);
ssize_t	 CMIO_CALL cmio_recvfrom(struct cmio_source *source, void *buf,
	    size_t len, int flags, struct cmio_addr *from);
ssize_t	 CMIO_CALL cmio_sendto(struct cmio_source *source, const void *buf,
	    size_t len, int flags, const struct cmio_addr *to);
#ifndef _WIN32
ssize_t	 CMIO_CALL cmio_recvmsg(struct cmio_source *source, struct msghdr *msg,
	    int flags);
ssize_t	 CMIO_CALL cmio_sendmsg(struct cmio_source *source,
	    const struct msghdr *msg, int flags);

/* Descriptors along with data, through a Unix socket. */
ssize_t	 CMIO_CALL cmio_send_fds(struct cmio_source *source, const void *buf,
	    size_t len, const cmio_fd *fds, int nfds);
ssize_t	 CMIO_CALL cmio_recv_fds(struct cmio_source *source, void *buf,
	    size_t len, cmio_fd *fds, int *nfds);

/* Who is at the other end of a Unix socket; *pid is -1 if it is not known. */
int	 CMIO_CALL cmio_peer_cred(const struct cmio_source *source, uid_t *uid,
	    gid_t *gid, pid_t *pid);
#endif

/* Options.  A getter returns the value, or -1. */
struct cmio_keepalive {
	int	on;
	int	idle;		/* seconds before the first probe */
	int	interval;	/* seconds between probes */
	int	count;		/* unanswered probes */
};
int	 CMIO_CALL cmio_set_nodelay(struct cmio_source *source, int on);
int	 CMIO_CALL cmio_nodelay(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_ttl(struct cmio_source *source, int hops);
int	 CMIO_CALL cmio_ttl(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_broadcast(struct cmio_source *source, int on);
int	 CMIO_CALL cmio_broadcast(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_only_v6(struct cmio_source *source, int on);
int	 CMIO_CALL cmio_only_v6(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_reuseaddr(struct cmio_source *source, int on);
int	 CMIO_CALL cmio_reuseaddr(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_reuseport(struct cmio_source *source, int on);
int	 CMIO_CALL cmio_reuseport(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_recv_buffer_size(struct cmio_source *source,
	    int bytes);
int	 CMIO_CALL cmio_recv_buffer_size(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_send_buffer_size(struct cmio_source *source,
	    int bytes);
int	 CMIO_CALL cmio_send_buffer_size(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_linger(struct cmio_source *source, int seconds);
int	 CMIO_CALL cmio_linger(const struct cmio_source *source, int *seconds);
int	 CMIO_CALL cmio_set_keepalive(struct cmio_source *source,
	    const struct cmio_keepalive *keepalive);
int	 CMIO_CALL cmio_keepalive(const struct cmio_source *source,
	    struct cmio_keepalive *keepalive);
int	 CMIO_CALL cmio_set_multicast_loop_v4(struct cmio_source *source,
	    int on);
int	 CMIO_CALL cmio_multicast_loop_v4(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_multicast_loop_v6(struct cmio_source *source,
	    int on);
int	 CMIO_CALL cmio_multicast_loop_v6(const struct cmio_source *source);
int	 CMIO_CALL cmio_set_multicast_ttl_v4(struct cmio_source *source,
	    int hops);
int	 CMIO_CALL cmio_multicast_ttl_v4(const struct cmio_source *source);
int	 CMIO_CALL cmio_join_multicast_v4(struct cmio_source *source,
	    const struct in_addr *group, const struct in_addr *local);
int	 CMIO_CALL cmio_leave_multicast_v4(struct cmio_source *source,
	    const struct in_addr *group, const struct in_addr *local);
int	 CMIO_CALL cmio_join_multicast_v6(struct cmio_source *source,
	    const struct in6_addr *group, unsigned int ifindex);
int	 CMIO_CALL cmio_leave_multicast_v6(struct cmio_source *source,
	    const struct in6_addr *group, unsigned int ifindex);

#ifdef __cplusplus
}
#endif

#endif
