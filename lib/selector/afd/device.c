/* SPDX-License-Identifier: MIT */
/*
 * Talking to \Device\Afd.  None of it is documented; all of it is what
 * Winsock's own select() does, and is as it was in Windows 2000.
 */
#include "config.h"

#include <winsock2.h>
#include <windows.h>
#include <mswsock.h>
#include <winternl.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/clock.h"
#include "port/error_windows.h"
#include "selector/afd/device.h"

enum { IOCTL_AFD_POLL = 0x12024, MOST_LAYERS = 16 };

/* The NT codes that make a difference here. */
enum {
	SUCCESS = 0,
	PENDING = 0x103
};
#define CANCELLED	((LONG)0xc0000120)
#define INVALID_HANDLE	((LONG)0xc0000008)
#define TYPE_MISMATCH	((LONG)0xc0000024)

/* Of ntdll, and in no header. */
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE file, PIO_STATUS_BLOCK which,
    PIO_STATUS_BLOCK iosb);

static LONG
open_device(HANDLE *device)
{
	/* What follows the device's name is no matter. */
	static const WCHAR path[] = L"\\Device\\Afd\\cmio";
	UNICODE_STRING name = {
		.Length = sizeof(path) - sizeof(path[0]),
		.MaximumLength = sizeof(path),
		.Buffer = (WCHAR *)(uintptr_t)path,
	};
	OBJECT_ATTRIBUTES attributes = {
		.Length = sizeof(attributes),
		.ObjectName = &name,
	};
	IO_STATUS_BLOCK iosb;

	return NtCreateFile(device, SYNCHRONIZE, &attributes, &iosb, NULL, 0,
	    FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, NULL, 0);
}

int
cmio__afd_open(HANDLE port, ULONG_PTR key, HANDLE *out)
{
	HANDLE device;
	LONG status;
	int rc;

	status = open_device(&device);
	if (status != SUCCESS)
		return cmio__nt_error(status);
	if (CreateIoCompletionPort(device, port, key, 0) == NULL ||
	    !SetFileCompletionNotificationModes(device,
	    FILE_SKIP_SET_EVENT_ON_HANDLE)) {
		rc = cmio__last_error();
		CloseHandle(device);
		return rc;
	}
	*out = device;
	return 0;
}

int
cmio__afd_ask(HANDLE device, struct afd_request *request, SOCKET socket,
    ULONG events, void *value)
{
	struct afd_poll_info *info = &request->info;
	LONG status;

	*info = (struct afd_poll_info){
		.timeout.QuadPart = INT64_MAX,
		.count = 1,
		.handle = (HANDLE)socket,
		.events = events,
	};
	request->iosb.Status = PENDING;
	status = NtDeviceIoControlFile(device, NULL, NULL, value,
	    &request->iosb, IOCTL_AFD_POLL, info, sizeof(*info), info,
	    sizeof(*info));
	if (status == SUCCESS || status == PENDING)
		return 0;
	/* The handle may have been given to something else by now. */
	if (status == INVALID_HANDLE || status == TYPE_MISMATCH)
		return -EBADF;
	return cmio__nt_error(status);
}

void
cmio__afd_cancel(HANDLE device, struct afd_request *request)
{
	IO_STATUS_BLOCK iosb;

	NtCancelIoFileEx(device, &request->iosb, &iosb);
}

int
cmio__afd_answer(const struct afd_request *request)
{
	LONG status = request->iosb.Status;

	if (status == CANCELLED)
		return 0;
	if (status < 0)
		return cmio__nt_error(status);
	return request->info.count < 1 ? 0 : (int)request->info.events;
}

bool
cmio__afd_is_back(const struct afd_request *request)
{
	const volatile LONG *status = &request->iosb.Status;

	return *status != PENDING;
}

int
cmio__afd_take(HANDLE port, OVERLAPPED_ENTRY *packets, int room,
    int64_t timeout)
{
	DWORD ms = (DWORD)cmio__timeout_ms(timeout), error;
	ULONG n;

	if (GetQueuedCompletionStatusEx(port, packets,
	    (ULONG)(room < BATCH ? room : BATCH), &n, ms, FALSE))
		return (int)n;
	error = GetLastError();
	return error == WAIT_TIMEOUT ? 0 : cmio__windows_error(error);
}

static SOCKET
ask_for_base(SOCKET socket, DWORD code)
{
	SOCKET base;
	DWORD n;

	if (WSAIoctl(socket, code, NULL, 0, &base, sizeof(base), &n, NULL,
	    NULL) == SOCKET_ERROR)
		return INVALID_SOCKET;
	return base;
}

/* The next layer down by the first code that leads there. */
static SOCKET
layer_below(SOCKET socket)
{
	static const DWORD codes[] = {
		SIO_BSP_HANDLE_SELECT, SIO_BSP_HANDLE_POLL, SIO_BSP_HANDLE
	};
	SOCKET below;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		below = ask_for_base(socket, codes[i]);
		if (below != INVALID_SOCKET && below != socket)
			return below;
	}
	return INVALID_SOCKET;
}

/*
 * Layered providers must let SIO_BASE_HANDLE through, and some do not.  The
 * other codes they have to answer, each of which leads down a layer at
 * least.
 */
static SOCKET
find_base(SOCKET socket)
{
	SOCKET base;
	int layers = 0;

	do {
		base = ask_for_base(socket, SIO_BASE_HANDLE);
		if (base != INVALID_SOCKET)
			return base;
		socket = layer_below(socket);
	} while (socket != INVALID_SOCKET && ++layers < MOST_LAYERS);
	return INVALID_SOCKET;
}

int
cmio__afd_socket(SOCKET socket, struct afd_socket *out)
{
	int type, size = sizeof(type), rc;

	/* Wine 8 says yes to SIO_BASE_HANDLE for anything; this does not. */
	if (getsockopt(socket, SOL_SOCKET, SO_TYPE, (char *)&type,
	    &size) == SOCKET_ERROR) {
		rc = cmio__socket_error(socket);
		return rc == -EBADF ? rc : -EPERM;
	}
	out->base = find_base(socket);
	if (out->base == INVALID_SOCKET)
		return -EPERM;
	out->datagram = type == SOCK_DGRAM;
	out->stream = type == SOCK_STREAM;
	return 0;
}
