/* SPDX-License-Identifier: MIT */
/*
 * \Device\Afd, the kernel's half of Winsock: a request there is answered
 * once, when one of the conditions asked about holds for a socket.
 *
 * Functions return 0 or a negative errno number unless said.
 */
#ifndef CMIO_AFD_DEVICE_H
#define CMIO_AFD_DEVICE_H

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <stdbool.h>
#include <stdint.h>

/* The conditions. */
enum {
	AFD_RECEIVE		= 0x001,
	AFD_RECEIVE_EXPEDITED	= 0x002,
	AFD_SEND		= 0x004,
	AFD_DISCONNECT		= 0x008,
	AFD_ABORT		= 0x010,
	AFD_LOCAL_CLOSE		= 0x020,
	AFD_ACCEPT		= 0x080,
	AFD_CONNECT_FAIL	= 0x100
};

/* What the kernel reads and writes, by its own layout. */
struct afd_poll_info {
	LARGE_INTEGER	timeout;
	ULONG		count;
	ULONG		exclusive;
	HANDLE		handle;
	ULONG		events;
	LONG		status;
};

/* Owned by the kernel from cmio__afd_ask() until its packet is dequeued. */
struct afd_request {
	IO_STATUS_BLOCK		iosb;
	struct afd_poll_info	info;
};

/* Opens the device; its packets go to port, with this key. */
int	cmio__afd_open(HANDLE port, ULONG_PTR key, HANDLE *device);

/*
 * On success a packet will follow in any case, with value for its
 * OVERLAPPED.  EBADF: that is no socket any more.
 */
int	cmio__afd_ask(HANDLE device, struct afd_request *request,
	    SOCKET socket, ULONG events, void *value);

/* The packet comes soon then; where it is under way already, nothing. */
void	cmio__afd_cancel(HANDLE device, struct afd_request *request);

/*
 * What the answer says: conditions, 0 where the request was cancelled, or a
 * negative errno number where it failed.
 */
int	cmio__afd_answer(const struct afd_request *request);

/* Whether the kernel has written its answer, wherever the packet is. */
bool	cmio__afd_is_back(const struct afd_request *request);

/* Packets that one call of cmio__afd_take() may bring. */
enum { BATCH = 64 };

/*
 * Takes at most room packets from the port; timeout in nanoseconds, -1 for
 * none.  Returns how many, 0 if the time is up, or a negative errno number.
 */
int	cmio__afd_take(HANDLE port, OVERLAPPED_ENTRY *packets, int room,
	    int64_t timeout);

/* A socket as the kernel knows it, below the layers put upon it. */
struct afd_socket {
	SOCKET	base;
	bool	datagram;
	bool	stream;
};

/* EBADF: no handle; EPERM: one of something else. */
int	cmio__afd_socket(SOCKET socket, struct afd_socket *out);

#endif
