/* SPDX-License-Identifier: MIT */
/* What can be provoked only on Windows. */
#include "harness.h"

#include <winsock2.h>
#include <windows.h>

#include <string.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/windows.h>

#include "plain.h"

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

/* The mark on the socket shows whether it is still open. */
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

static const struct test tests[] = {
	EACH_SELECTOR(handle_of_what_is_no_socket_is_eperm),
	EACH_SELECTOR(socket_that_afd_does_not_know_is_eperm),
	EACH_SELECTOR(reregistering_does_not_look_for_the_base_again),
	EACH_SELECTOR(wake_that_failed_is_made_up_for_by_the_next),
	EACH_SELECTOR(stranger_who_connects_to_cmio_pipe_gets_nothing),
	ONCE(listener_refuses_clients_of_other_machines),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "windows", tests);
}
