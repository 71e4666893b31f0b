/* SPDX-License-Identifier: MIT */
/* The functions of posix.h, with Winsock. */
#include "config.h"

#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <sys/resource.h>

#include <direct.h>
#include <io.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "port/error_windows.h"
#include "posix.h"

#undef socket
#undef accept
#undef bind
#undef close
#undef connect
#undef getpeername
#undef getsockname
#undef getsockopt
#undef listen
#undef setsockopt
#undef shutdown
#undef read
#undef recv
#undef send
#undef write

/* Returns the result of a Winsock call, with its error in errno. */
static int
end(int rc)
{
	if (rc == SOCKET_ERROR)
		errno = -cmio__last_socket_error();
	return rc;
}

/* The first caller starts Winsock; it is never stopped. */
static int
made(SOCKET s)
{
	return s == INVALID_SOCKET ? end(SOCKET_ERROR) : (int)s;
}

int
posix_socket(int family, int type, int protocol)
{
	WSADATA data;

	WSAStartup(MAKEWORD(2, 2), &data);
	return made(socket(family, type, protocol));
}

/*
 * A pair of connected TCP sockets.  The first is made first: it gets the number
 * that was closed last, which tests expect.
 */
int
posix_socketpair(int family, int type, int protocol, int fds[2])
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int listener;

	(void)family;
	(void)type;
	(void)protocol;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = posix_socket(AF_INET, SOCK_STREAM, 0);
	listener = posix_socket(AF_INET, SOCK_STREAM, 0);
	if (listener == -1 || fds[0] == -1 ||
	    posix_bind(listener, (struct sockaddr *)&in, len) == -1 ||
	    posix_getsockname(listener, (struct sockaddr *)&in, &len) == -1 ||
	    posix_listen(listener, 1) == -1 ||
	    posix_connect(fds[0], (struct sockaddr *)&in, len) == -1)
		return -1;
	fds[1] = posix_accept(listener, NULL, NULL);
	posix_close(listener);
	return fds[1] == -1 ? -1 : 0;
}

int
posix_pipe(int fds[2])
{
	return posix_socketpair(AF_INET, SOCK_STREAM, 0, fds);
}

int
posix_accept(int fd, struct sockaddr *sa, socklen_t *len)
{
	return made(accept((SOCKET)fd, sa, len));
}

int
posix_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	return end(bind((SOCKET)fd, sa, len));
}

/* For a file of the C library, if it is not a socket. */
int
posix_close(int fd)
{
	if (closesocket((SOCKET)fd) == 0)
		return 0;
	if (WSAGetLastError() == WSAENOTSOCK)
		return _close(fd);
	return end(SOCKET_ERROR);
}

int
posix_connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	int rc;

	rc = end(connect((SOCKET)fd, sa, len));
	if (rc == -1 && errno == EAGAIN)
		errno = EINPROGRESS;
	return rc;
}

int
posix_dup(int fd)
{
	WSAPROTOCOL_INFOW info;

	if (WSADuplicateSocketW((SOCKET)fd, GetCurrentProcessId(),
	    &info) == SOCKET_ERROR)
		return end(SOCKET_ERROR);
	return made(WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
	    FROM_PROTOCOL_INFO, &info, 0, WSA_FLAG_OVERLAPPED));
}

/*
 * Whether a socket is non-blocking cannot be asked; those of the tests are.
 */
int
posix_fcntl(int fd, int command, ...)
{
	DWORD flags;
	u_long on;
	va_list ap;

	if (command == F_GETFD) {
		if (!GetHandleInformation((HANDLE)(SOCKET)fd, &flags)) {
			errno = EBADF;
			return -1;
		}
		return flags & HANDLE_FLAG_INHERIT ? 0 : FD_CLOEXEC;
	}
	if (command == F_GETFL)
		return O_NONBLOCK;
	if (command == F_DUPFD)
		return posix_dup(fd);
	va_start(ap, command);
	on = (va_arg(ap, int) & O_NONBLOCK) != 0;
	va_end(ap);
	return end(ioctlsocket((SOCKET)fd, FIONBIO, &on));
}

int
posix_getpeername(int fd, struct sockaddr *sa, socklen_t *len)
{
	return end(getpeername((SOCKET)fd, sa, len));
}

int
posix_getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	return end(getsockname((SOCKET)fd, sa, len));
}

int
posix_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	return end(getsockopt((SOCKET)fd, level, name, value, len));
}

int
posix_listen(int fd, int backlog)
{
	return end(listen((SOCKET)fd, backlog));
}

int
posix_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (n == 0) {
		Sleep((DWORD)timeout);
		return 0;
	}
	return end(WSAPoll(fds, n, timeout));
}

int
posix_setsockopt(int fd, int level, int name, const void *value,
    socklen_t len)
{
	return end(setsockopt((SOCKET)fd, level, name, value, len));
}

int
posix_shutdown(int fd, int how)
{
	return end(shutdown((SOCKET)fd, how));
}

ssize_t
posix_read(int fd, void *buf, size_t len)
{
	return posix_recv(fd, buf, len, 0);
}

ssize_t
posix_recv(int fd, void *buf, size_t len, int flags)
{
	return end(recv((SOCKET)fd, buf, (int)len, flags));
}

ssize_t
posix_send(int fd, const void *buf, size_t len, int flags)
{
	return end(send((SOCKET)fd, buf, (int)len, flags));
}

ssize_t
posix_write(int fd, const void *buf, size_t len)
{
	return posix_send(fd, buf, len, 0);
}

static struct timeval
to_timeval(const FILETIME *time)
{
	uint64_t usec = ((uint64_t)time->dwHighDateTime << 32 |
	    time->dwLowDateTime) / 10;

	return (struct timeval){
		.tv_sec = (long)(usec / 1000000),
		.tv_usec = (long)(usec % 1000000),
	};
}

int
getrusage(int who, struct rusage *usage)
{
	FILETIME created, ended, kernel, user;

	(void)who;
	if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel,
	    &user))
		return -1;
	usage->ru_utime = to_timeval(&user);
	usage->ru_stime = to_timeval(&kernel);
	return 0;
}

/* In the directory where the test runs. */
char *
mkdtemp(char *path)
{
	char *last = strrchr(path, '/'), *x;
	unsigned int n = GetCurrentProcessId() * 64, tries;

	if (last != NULL)
		memmove(path, last + 1, strlen(last));
	x = path + strlen(path) - 6;
	for (tries = 0; tries < 64; tries++, n++) {
		snprintf(x, 7, "%06u", n % 1000000);
		if (_mkdir(path) == 0)
			return path;
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

int
getrlimit(int resource, struct rlimit *limit)
{
	(void)resource;
	limit->rlim_cur = limit->rlim_max = 4096;
	return 0;
}

int
setrlimit(int resource, const struct rlimit *limit)
{
	(void)resource;
	(void)limit;
	errno = ENOSYS;
	return -1;
}
