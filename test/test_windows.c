/* SPDX-License-Identifier: MIT */
/* What can be provoked only on Windows. */
#include "harness.h"

#include <winsock2.h>
#include <windows.h>
#include <winternl.h>

#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/windows.h>

#include "plain.h"

#include "descriptors.h"

enum { R = CMIO_READABLE, W = CMIO_WRITABLE, MOST_HANDLES = 10000 };

static HANDLE no_socket;
static int ioctls;

/* Winsock with a provider whose sockets are not AFD's. */
static int WSAAPI
strange_base(SOCKET socket, DWORD code, void *in, DWORD in_size, void *out,
    DWORD out_size, DWORD *n, OVERLAPPED *overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE done)
{
	(void)socket;
	(void)code;
	(void)in;
	(void)in_size;
	(void)overlapped;
	(void)done;
	ck_assert_uint_eq(out_size, sizeof(no_socket));
	memcpy(out, &no_socket, sizeof(no_socket));
	*n = sizeof(no_socket);
	ioctls++;
	return 0;
}

/* In this program, and so in libcmio if it is linked statically. */
static void
replace_import(void *function, void *by)
{
	char *base = (char *)GetModuleHandleW(NULL);
	const IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)base;
	const IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)(base + dos->e_lfanew);
	const IMAGE_DATA_DIRECTORY *directory =
	    &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IAT];
	void **imports = (void **)(base + directory->VirtualAddress);
	size_t i, n = directory->Size / sizeof(void *);
	DWORD protection;

	for (i = 0; i < n && imports[i] != function; i++)
		continue;
	ck_assert_uint_lt(i, n);
	ck_assert(VirtualProtect(&imports[i], sizeof(imports[i]),
	    PAGE_READWRITE, &protection));
	imports[i] = by;
}

static bool
can_replace_imports(void)
{
	return GetModuleHandleA("libcmio-0.dll") == NULL;
}

static HANDLE (WINAPI *create_pipe)(LPCSTR, DWORD, DWORD, DWORD, DWORD, DWORD,
    DWORD, LPSECURITY_ATTRIBUTES);
static HANDLE strangers[3];
static size_t visits;
static DWORD pipe_modes[2];

/* As CreateNamedPipeA(), but a stranger connects first, three times. */
static HANDLE WINAPI
create_visited(LPCSTR name, DWORD access, DWORD mode, DWORD instances,
    DWORD out, DWORD in, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
	HANDLE pipe;

	pipe_modes[0] = mode;
	pipe = create_pipe(name, access, mode, instances, out, in, timeout,
	    security);
	if (visits < sizeof(strangers) / sizeof(strangers[0]))
		strangers[visits++] = CreateFileA(name, GENERIC_READ, 0, NULL,
		    OPEN_EXISTING, 0, NULL);
	return pipe;
}

static HANDLE WINAPI
create_noting(LPCWSTR name, DWORD access, DWORD mode, DWORD instances,
    DWORD out, DWORD in, DWORD timeout, LPSECURITY_ATTRIBUTES security)
{
	(void)name;
	(void)access;
	(void)instances;
	(void)out;
	(void)in;
	(void)timeout;
	(void)security;
	pipe_modes[1] = mode;
	SetLastError(ERROR_ACCESS_DENIED);
	return INVALID_HANDLE_VALUE;
}

static HANDLE
duplicate(HANDLE handle)
{
	HANDLE self = GetCurrentProcess(), copy;

	ck_assert(DuplicateHandle(self, handle, self, &copy, 0, FALSE,
	    DUPLICATE_SAME_ACCESS));
	return copy;
}

/* Copies a handle until the copy has the number of a closed one. */
static void
duplicate_to(HANDLE handle, HANDLE number)
{
	static HANDLE copies[MOST_HANDLES];
	int n = 0;

	while ((copies[n] = duplicate(handle)) != number)
		ck_assert_int_lt(++n, MOST_HANDLES);
	while (n-- > 0)
		CloseHandle(copies[n]);
}

START_TEST(handle_of_what_is_no_socket_is_eperm)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	HANDLE handles[4];
	int i;

	handles[0] = CreateEventW(NULL, TRUE, FALSE, NULL);
	handles[1] = CreateFileA("NUL", GENERIC_READ, 0, NULL, OPEN_EXISTING,
	    FILE_FLAG_OVERLAPPED, NULL);
	ck_assert(CreatePipe(&handles[2], &handles[3], NULL, 0));
	for (i = 0; i < 4; i++) {
		cmio_source_init(&source, (cmio_fd)handles[i]);
		ck_assert_errno(cmio_register(poll, &source, 1, R), EPERM);
		ck_assert_ptr_null(source.state);
		ck_assert(CloseHandle(handles[i]));
	}
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(socket_that_afd_does_not_know_is_eperm)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	unsigned short port;
	void *ioctl = (void *)(uintptr_t)WSAIoctl;
	void *strange = (void *)(uintptr_t)strange_base;
	HANDLE other;
	int fd;

	if (!can_replace_imports())
		skip("libcmio is a DLL, and has imports of its own");
	poll = open_selector(_i);
	fd = plain_udp_socket(&port);
	ck_assert(CreatePipe(&no_socket, &other, NULL, 0));
	cmio_source_init(&source, fd);
	replace_import(ioctl, strange);
	ck_assert_errno(cmio_register(poll, &source, 1, W), EPERM);
	replace_import(strange, ioctl);
	ck_assert_ptr_null(source.state);
	ck_assert_ok(cmio_register(poll, &source, 1, W));
	expect_event(poll, 1, W);
	removed(poll, &source);
	close(fd);
	CloseHandle(no_socket);
	CloseHandle(other);
	cmio_poll_unref(poll);
}
END_TEST

/* The guard says whether the socket is still open. */
START_TEST(reregistering_does_not_look_for_the_base_again)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	unsigned short port;
	void *ioctl = (void *)(uintptr_t)WSAIoctl;
	void *strange = (void *)(uintptr_t)strange_base;
	int fd;

	if (!can_replace_imports())
		skip("libcmio is a DLL, and has imports of its own");
	poll = open_selector(_i);
	fd = plain_udp_socket(&port);
	add(poll, &source, fd, 1, R);
	ioctls = 0;
	replace_import(ioctl, strange);
	ck_assert_ok(cmio_reregister(poll, &source, 2, W));
	ck_assert_int_eq(ioctls, 0);
	replace_import(strange, ioctl);
	expect_event(poll, 2, W);
	close(fd);
	ck_assert_errno(cmio_reregister(poll, &source, 2, W), EBADF);
	removed(poll, &source);
	cmio_poll_unref(poll);
}
END_TEST

/* The completion port is invalid for a moment. */
START_TEST(wake_that_failed_is_made_up_for_by_the_next)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_user_event event;
	HANDLE port, copy;

	ck_assert_ok(cmio_user_event_add(poll, &event, 1));
	port = (HANDLE)cmio_poll_fd(poll);
	copy = duplicate(port);
	CloseHandle(port);
	ck_assert_errno(cmio_user_event_trigger(&event), EBADF);
	ck_assert_errno(cmio_user_event_trigger(&event), EBADF);
	duplicate_to(copy, port);
	CloseHandle(copy);
	ck_assert_int_eq(cmio_user_event_trigger(&event), 1);
	ck_assert_int_eq(cmio_user_event_trigger(&event), 0);
	expect_event(poll, 1, R);
	ck_assert_ok(cmio_user_event_remove(&event));
	cmio_poll_unref(poll);
}
END_TEST

static int
bind_to(const struct cmio_addr *addr, int exclusive, int reuse)
{
	struct cmio_source source;
	int rc;

	ck_assert_ok(cmio_socket(&source, AF_INET, SOCK_DGRAM, 0));
	if (exclusive)
		ck_assert_ok(cmio_set_exclusiveaddruse(&source, 1));
	ck_assert_int_eq(cmio_exclusiveaddruse(&source), exclusive);
	if (reuse)
		ck_assert_ok(cmio_set_reuseaddr(&source, 1));
	rc = cmio_bind(&source, addr);
	ck_assert_ok(cmio_close(&source));
	return rc;
}

START_TEST(exclusive_address_is_given_to_nobody_else)
{
	struct cmio_source first;
	struct cmio_addr addr;

	ck_assert_ok(cmio_addr_parse(&addr, "127.0.0.1:0"));
	ck_assert_ok(cmio_socket(&first, AF_INET, SOCK_DGRAM, 0));
	ck_assert_ok(cmio_set_exclusiveaddruse(&first, 1));
	ck_assert_ok(cmio_bind(&first, &addr));
	ck_assert_ok(cmio_local_addr(&first, &addr));
	ck_assert_int_eq(bind_to(&addr, 0, 1), -1);
	ck_assert_int_eq(bind_to(&addr, 1, 0), -1);
	ck_assert_ok(cmio_close(&first));
	ck_assert_ok(bind_to(&addr, 1, 0));
}
END_TEST

START_TEST(sockets_and_pipes_are_adopted)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source, client;
	HANDLE handle;
	int fds[2];

	plain_pipe(fds);
	ck_assert_ok(cmio_adopt(&source, (cmio_fd)fds[0]));
	ck_assert_ok(cmio_register(poll, &source, 1, R));
	plain_put(fds[1]);
	expect_event(poll, 1, R);
	ck_assert_ok(cmio_close(&source));
	/* Winsock still runs. */
	close(fds[1]);
	plain_pipe(fds);
	plain_close(fds);
	handle = CreateNamedPipeA("\\\\.\\pipe\\cmio-adopt",
	    PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1, 4096,
	    4096, 0, NULL);
	ck_assert_ok(cmio_adopt(&source, (cmio_fd)handle));
	ck_assert_ok(cmio_named_pipe_open(&client,
	    "\\\\.\\pipe\\cmio-adopt"));
	ck_assert_ok(cmio_named_pipe_accept(&source) == -1 &&
	    errno != EAGAIN ? -1 : 0);
	ck_assert_ok(cmio_register(poll, &source, 1, R | W));
	expect_event(poll, 1, W);
	ck_assert_ok(cmio_close(&client));
	ck_assert_ok(cmio_close(&source));
	handle = CreateEventW(NULL, TRUE, FALSE, NULL);
	ck_assert_errno(cmio_adopt(&source, (cmio_fd)handle), EPERM);
	CloseHandle(handle);
	ck_assert_errno(cmio_adopt(&source, (cmio_fd)handle), EBADF);
	ck_assert_errno(cmio_adopt(&source, CMIO_FD_NONE), EBADF);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(stranger_who_connects_to_cmio_pipe_gets_nothing)
{
	void *create = (void *)(uintptr_t)CreateNamedPipeA;
	void *visited = (void *)(uintptr_t)create_visited;
	struct cmio_poll *poll;
	struct cmio_source reader, writer;
	char byte;
	size_t i;

	if (!can_replace_imports())
		skip("libcmio-net is a DLL, and has imports of its own");
	poll = open_selector(_i);
	create_pipe = CreateNamedPipeA;
	visits = 0;
	replace_import(create, visited);
	ck_assert_ok(cmio_pipe(&reader, &writer));
	replace_import(visited, create);
	ck_assert_uint_eq(visits, 3);
	ck_assert(pipe_modes[0] & PIPE_REJECT_REMOTE_CLIENTS);
	ck_assert_ok(cmio_register(poll, &reader, 1, R));
	ck_assert_ok(cmio_register(poll, &writer, 2, W));
	expect_event(poll, 2, W);
	ck_assert_int_eq(cmio_write(&writer, "x", 1), 1);
	wait_for(poll, 1, R);
	ck_assert_int_eq(cmio_read(&reader, &byte, 1), 1);
	for (i = 0; i < visits; i++) {
		ck_assert(strangers[i] != INVALID_HANDLE_VALUE);
		ck_assert(CloseHandle(strangers[i]));
	}
	ck_assert_ok(cmio_close(&reader));
	ck_assert_ok(cmio_close(&writer));
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(listener_refuses_clients_of_other_machines)
{
	void *create = (void *)(uintptr_t)CreateNamedPipeW;
	void *noting = (void *)(uintptr_t)create_noting;
	struct cmio_source server;

	if (!can_replace_imports())
		skip("libcmio-net is a DLL, and has imports of its own");
	replace_import(create, noting);
	ck_assert_errno(cmio_named_pipe_listen(&server,
	    "\\\\.\\pipe\\cmio-remote"), EACCES);
	replace_import(noting, create);
	ck_assert(pipe_modes[1] & PIPE_REJECT_REMOTE_CLIENTS);
}
END_TEST

/* Makes sockets until one has the number of one that was closed. */
static void
reuse_number(int number, int fds[2])
{
	static int others[MOST_HANDLES];
	unsigned short port, unused;
	int n = 0;

	while ((others[n] = plain_udp_socket(&port)) != number)
		ck_assert_int_lt(++n, MOST_HANDLES);
	while (n-- > 0)
		close(others[n]);
	fds[0] = number;
	fds[1] = plain_udp_socket(&unused);
	ck_assert_ok(plain_connect(fds[1], port));
}

/* With another poll, or marked as the handle of a completion port is. */
START_TEST(socket_with_the_number_of_a_closed_one_is_not_the_old_source)
{
	struct cmio_poll *poll = open_selector(_i), *second;
	struct cmio_source old, new, again;
	int before[2], fds[2], way;

	second = open_selector(_i);
	for (way = 0; way < 2; way++) {
		plain_pipe(before);
		add(poll, &old, before[0], 1, R);
		plain_put(before[1]);
		expect_event(poll, 1, R);
		close(before[0]);
		reuse_number(before[0], fds);
		if (way == 0)
			add(second, &new, fds[0], 7, R);
		else
			ck_assert(SetFileCompletionNotificationModes(
			    (HANDLE)(intptr_t)fds[0],
			    FILE_SKIP_SET_EVENT_ON_HANDLE));
		ck_assert_ok(cmio_rearm(&old, R));
		plain_put(fds[1]);
		expect_nothing(poll);
		ck_assert_errno(cmio_reregister(poll, &old, 1, R), ENOENT);
		add(poll, &again, fds[0], 3, R);
		expect_event(poll, 3, R);
		removed(poll, &again);
		removed(poll, &old);
		if (way == 0)
			removed(second, &new);
		plain_close(fds);
		close(before[1]);
	}
	cmio_poll_unref(second);
	cmio_poll_unref(poll);
}
END_TEST

/* The packet of the old socket waits at the port meanwhile. */
START_TEST(answer_of_a_closed_socket_is_not_the_next_ones)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source old;
	int before[2], fds[2];

	plain_pipe(before);
	add(poll, &old, before[0], 1, R);
	expect_nothing(poll);
	plain_put(before[1]);
	close(before[0]);
	reuse_number(before[0], fds);
	plain_put(fds[1]);
	expect_nothing(poll);
	expect_nothing(poll);
	removed(poll, &old);
	plain_close(fds);
	close(before[1]);
	cmio_poll_unref(poll);
}
END_TEST

/* A handle as \\Device\\Afd gives it before it is made a socket. */
static HANDLE
handle_without_a_socket(void)
{
	WCHAR path[] = L"\\Device\\Afd\\test";
	UNICODE_STRING name = {
		.Length = sizeof(path) - sizeof(path[0]),
		.MaximumLength = sizeof(path),
		.Buffer = path,
	};
	OBJECT_ATTRIBUTES attributes = {
		.Length = sizeof(attributes),
		.ObjectName = &name,
	};
	IO_STATUS_BLOCK iosb;
	HANDLE handle;

	ck_assert_int_eq(NtCreateFile(&handle, SYNCHRONIZE, &attributes,
	    &iosb, NULL, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0,
	    NULL, 0), 0);
	return handle;
}

/* Makes such handles until one has the number of a socket that was closed. */
static HANDLE
reuse_without_a_socket(int number)
{
	static HANDLE others[MOST_HANDLES];
	HANDLE handle;
	int n = 0;

	while ((others[n] = handle_without_a_socket()) !=
	    (HANDLE)(intptr_t)number)
		ck_assert_int_lt(++n, MOST_HANDLES);
	handle = others[n];
	while (n-- > 0)
		CloseHandle(others[n]);
	return handle;
}

/* Wine's server would end, and all that it serves. */
START_TEST(nothing_is_asked_about_a_number_that_is_no_socket_any_more)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	HANDLE handle;
	int fds[2];

	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	close(fds[0]);
	handle = reuse_without_a_socket(fds[0]);
	expect_nothing(poll);
	ck_assert_errno(cmio_reregister(poll, &source, 1, R), EPERM);
	ck_assert_ok(cmio_rearm(&source, R));
	expect_nothing(poll);
	removed(poll, &source);
	CloseHandle(handle);
	close(fds[1]);
	cmio_poll_unref(poll);
}
END_TEST

START_TEST(operation_without_an_event_sets_the_handle_of_a_source)
{
	struct cmio_poll *poll = open_selector(_i);
	OVERLAPPED overlapped = { 0 };
	struct cmio_source source;
	DWORD n, flags = 0;
	char byte;
	WSABUF buf = { 1, &byte };
	int fds[2];

	plain_pipe(fds);
	add(poll, &source, fds[0], 1, R);
	expect_nothing(poll);
	removed(poll, &source);
	ck_assert_int_eq(WSARecv((SOCKET)fds[0], &buf, 1, NULL, &flags,
	    &overlapped, NULL), SOCKET_ERROR);
	plain_put(fds[1]);
	ck_assert_uint_eq(WaitForSingleObject((HANDLE)(intptr_t)fds[0],
	    LONG_TIME / MSEC), WAIT_OBJECT_0);
	ck_assert(GetOverlappedResult((HANDLE)(intptr_t)fds[0], &overlapped,
	    &n, FALSE));
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

/* The program's fault, but no reason to wait for ever. */
START_TEST(poll_ends_although_the_program_took_a_packet)
{
	struct cmio_poll *poll;
	struct cmio_source source;
	OVERLAPPED *overlapped;
	ULONG_PTR key;
	DWORD n;
	int fds[2], way;

	for (way = 0; way < 2; way++) {
		poll = open_selector(_i);
		plain_pipe(fds);
		add(poll, &source, fds[0], 1, R);
		expect_nothing(poll);
		if (way == 0)
			plain_put(fds[1]);
		else
			removed(poll, &source);
		GetQueuedCompletionStatus((HANDLE)cmio_poll_fd(poll), &n,
		    &key, &overlapped, LONG_TIME / MSEC);
		ck_assert_ptr_nonnull(overlapped);
		if (way == 0)
			removed(poll, &source);
		plain_close(fds);
		cmio_poll_unref(poll);
	}
}
END_TEST

START_TEST(registering_again_and_again_without_a_wait_takes_no_handles)
{
	struct cmio_poll *poll = open_selector(_i);
	struct cmio_source source;
	int fds[2], i, before = 0;

	plain_pipe(fds);
	for (i = 0; i < 1000; i++) {
		add(poll, &source, fds[0], 1, R);
		removed(poll, &source);
		if (i == 0)
			before = open_descriptors();
	}
	ck_assert_int_eq(open_descriptors(), before);
	plain_close(fds);
	cmio_poll_unref(poll);
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(handle_of_what_is_no_socket_is_eperm),
	EACH_SELECTOR(socket_that_afd_does_not_know_is_eperm),
	EACH_SELECTOR(reregistering_does_not_look_for_the_base_again),
	EACH_SELECTOR(wake_that_failed_is_made_up_for_by_the_next),
	EACH_SELECTOR(
	    socket_with_the_number_of_a_closed_one_is_not_the_old_source),
	EACH_SELECTOR(answer_of_a_closed_socket_is_not_the_next_ones),
	EACH_SELECTOR(
	    nothing_is_asked_about_a_number_that_is_no_socket_any_more),
	EACH_SELECTOR(operation_without_an_event_sets_the_handle_of_a_source),
	EACH_SELECTOR(poll_ends_although_the_program_took_a_packet),
	EACH_SELECTOR(
	    registering_again_and_again_without_a_wait_takes_no_handles),
	ONCE(exclusive_address_is_given_to_nobody_else),
	EACH_SELECTOR(sockets_and_pipes_are_adopted),
	EACH_SELECTOR(stranger_who_connects_to_cmio_pipe_gets_nothing),
	ONCE(listener_refuses_clients_of_other_machines),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "windows", tests);
}
