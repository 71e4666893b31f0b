/* SPDX-License-Identifier: MIT */
/*
 * Batches by a call for each message: WSARecvMsg() and WSASendMsg().
 *
 * Winsock has no function of the first name to link with.  Each socket's
 * provider is asked for its own, once in a batch, as there is nowhere to keep
 * it.
 */
#include "config.h"

#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>

#include <errno.h>
#include <limits.h>

#include "net/control.h"
#include "port/error_windows.h"

static int
get_recvmsg(cmio_fd fd, LPFN_WSARECVMSG *recvmsg)
{
	GUID id = WSAID_WSARECVMSG;
	DWORD n;

	if (WSAIoctl(fd, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof(id),
	    recvmsg, sizeof(*recvmsg), &n, NULL, NULL) == SOCKET_ERROR)
		return cmio__socket_error(fd);
	return 0;
}

static ULONG
limit(size_t len)
{
	return (ULONG)(len < INT_MAX ? len : INT_MAX);
}

static void
fill(struct cmio_datagrams *entry, const WSAMSG *msg, size_t len,
    bool truncated)
{
	cmio__addr_filled(&entry->peer, msg->namelen);
	cmio__received(entry, len, truncated,
	    (msg->dwFlags & MSG_CTRUNC) != 0, msg->Control.buf,
	    msg->Control.len);
}

/* A datagram that was cut off is an error here, but as much as fits came. */
static int
recv_one(cmio_fd fd, LPFN_WSARECVMSG recvmsg, struct cmio_datagrams *entry)
{
	struct control control;
	WSABUF buf = { .buf = entry->buf, .len = limit(entry->len) };
	WSAMSG msg = {
		.name = (struct sockaddr *)&entry->peer.ss,
		.namelen = sizeof(entry->peer.ss),
		.lpBuffers = &buf,
		.dwBufferCount = 1,
		.Control = {
			.buf = (char *)control.data.bytes,
			.len = sizeof(control.data.bytes),
		},
	};
	DWORD n;

	if (recvmsg(fd, &msg, &n, NULL, NULL) == 0)
		fill(entry, &msg, n, (msg.dwFlags & MSG_TRUNC) != 0);
	else if (WSAGetLastError() == WSAEMSGSIZE)
		fill(entry, &msg, buf.len, true);
	else
		return cmio__socket_error(fd);
	return 0;
}

int
cmio__recv_batch(cmio_fd fd, struct cmio_datagrams *entries, int n)
{
	LPFN_WSARECVMSG recvmsg;
	int got, rc;

	rc = get_recvmsg(fd, &recvmsg);
	if (rc != 0)
		return rc;
	for (got = 0; got < n; got++) {
		rc = recv_one(fd, recvmsg, &entries[got]);
		if (rc < 0)
			return got > 0 ? got : rc;
	}
	return got;
}

static int
send_one(cmio_fd fd, const struct piece *piece)
{
	struct cmio_datagrams *entry = piece->entry;
	struct control control;
	WSABUF buf = {
		.buf = (char *)entry->buf + piece->at,
		.len = limit(piece->len),
	};
	WSAMSG msg = { .lpBuffers = &buf, .dwBufferCount = 1 };
	DWORD n;

	if (entry->peer.len != 0) {
		msg.name = (struct sockaddr *)&entry->peer.ss;
		msg.namelen = entry->peer.len;
	}
	cmio__control_build(&control, piece);
	if (control.len != 0) {
		msg.Control.buf = (char *)control.data.bytes;
		msg.Control.len = (ULONG)control.len;
	}
	if (WSASendMsg(fd, &msg, 0, &n, NULL, NULL) == 0)
		return 0;
	/* An address of another family is to Winsock one too short. */
	return WSAGetLastError() == WSAEFAULT ? -EAFNOSUPPORT :
	    cmio__socket_error(fd);
}

int
cmio__send_batch(cmio_fd fd, const struct piece *pieces, int n)
{
	int rc, sent;

	for (sent = 0; sent < n; sent++) {
		rc = send_one(fd, &pieces[sent]);
		if (rc < 0)
			return sent > 0 ? sent : rc;
	}
	return sent;
}
