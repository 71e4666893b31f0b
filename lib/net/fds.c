/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that go along with data through a Unix socket, as SCM_RIGHTS.
 *
 * The buffer for what arrives has room for as many descriptors as a sender can
 * send, whatever the caller has room for: some kernels do not close those that
 * do not fit, and then nobody can.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <string.h>

#include "net/net.h"
#include "port/close.h"
#include "port/flags.h"
#include "port/result.h"

/* As many as Linux sends at once, and room for what else may come along. */
enum { FDS_MAX = 253, OTHERS = 1024 };

union sent {
	struct cmsghdr	header;
	char		room[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

union received {
	struct cmsghdr	header;
	char		room[CMSG_SPACE(FDS_MAX * sizeof(int)) + OTHERS];
};

static void
attach(struct msghdr *msg, union sent *sent, const int *fds, int nfds)
{
	const size_t size = (size_t)nfds * sizeof(*fds);
	struct cmsghdr *header;

	memset(sent, 0, sizeof(*sent));
	msg->msg_control = sent;
	msg->msg_controllen = (socklen_t)CMSG_SPACE(size);
	header = &sent->header;
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = (socklen_t)CMSG_LEN(size);
	memcpy(CMSG_DATA(header), fds, size);
}

ssize_t
cmio_send_fds(struct cmio_source *source, const void *buf, size_t len,
    const cmio_fd *fds, int nfds)
{
	/* The kernel only reads buf. */
	struct iovec iov = { (void *)(uintptr_t)buf, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union sent sent;

	if (len == 0 || nfds < 0 || nfds > FDS_MAX ||
	    (fds == NULL && nfds != 0))
		return cmio__result(-EINVAL);
	if (nfds != 0)
		attach(&msg, &sent, fds, nfds);
	return cmio_sendmsg(source, &msg, 0);
}

/* A message that was cut off may say that it is longer than it is. */
static size_t
count(const struct msghdr *msg, struct cmsghdr *header)
{
	const char *data = (const char *)CMSG_DATA(header);
	const char *end = (const char *)msg->msg_control + msg->msg_controllen;
	size_t size = header->cmsg_len - CMSG_LEN(0);

	if (header->cmsg_len < CMSG_LEN(0) || data > end)
		return 0;
	if (size > (size_t)(end - data))
		size = (size_t)(end - data);
	return size / sizeof(int);
}

static void
keep(int *to, int fd)
{
	if (CMIO_CMSG_CLOEXEC == 0)
		cmio__set_cloexec(fd);
	*to = fd;
}

/* Returns how many of the descriptors had room; closes the others. */
static int
detach(struct msghdr *msg, int *fds, int room)
{
	struct cmsghdr *header;
	int fd, kept = 0;
	size_t i, n;

	for (header = CMSG_FIRSTHDR(msg); header != NULL;
	    header = CMSG_NXTHDR(msg, header)) {
		if (header->cmsg_level != SOL_SOCKET ||
		    header->cmsg_type != SCM_RIGHTS)
			continue;
		n = count(msg, header);
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(header) + i * sizeof(fd),
			    sizeof(fd));
			if (kept < room)
				keep(&fds[kept++], fd);
			else
				cmio__close_fd(fd);
		}
	}
	return kept;
}

ssize_t
cmio_recv_fds(struct cmio_source *source, void *buf, size_t len, cmio_fd *fds,
    int *nfds)
{
	struct iovec iov = { buf, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union received received;
	ssize_t n;

	if (len == 0 || nfds == NULL || *nfds < 0 ||
	    (fds == NULL && *nfds != 0))
		return cmio__result(-EINVAL);
	msg.msg_control = &received;
	msg.msg_controllen = sizeof(received);
	n = cmio_recvmsg(source, &msg, CMIO_CMSG_CLOEXEC);
	if (n != -1)
		*nfds = detach(&msg, fds, *nfds);
	return n;
}
