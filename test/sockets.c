/* SPDX-License-Identifier: MIT */
/* The functions of sockets.h. */
#include "sockets.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void
make_temp(struct temp *temp)
{
	static const char *const names[TEMP_PATHS] = {
		"/a", "/b", "/c", "/d"
	};
	const char *base = getenv("TMPDIR");
	int i;

	if (base == NULL || strlen(base) > PATH_ROOM / 2)
		base = "/tmp";
	snprintf(temp->dir, sizeof(temp->dir), "%s/cmio-XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(temp->dir));
	for (i = 0; i < TEMP_PATHS; i++) {
		strcpy(temp->path[i], temp->dir);
		strcat(temp->path[i], names[i]);
	}
}

void
remove_temp(const struct temp *temp)
{
	int i;

	for (i = 0; i < TEMP_PATHS; i++)
		unlink(temp->path[i]);
	ck_assert_ok(rmdir(temp->dir));
}

struct cmio_addr
address(const char *text)
{
	struct cmio_addr addr = { 0 };

	if (cmio_addr_parse(&addr, text) == -1)
		ck_abort_msg("%s: %s", text, strerror(errno));
	return addr;
}

struct cmio_addr
path_address(const struct temp *temp, int i)
{
	struct cmio_addr addr;

	ck_assert_ok(cmio_addr_unix(&addr, temp->path[i],
	    strlen(temp->path[i])));
	return addr;
}

struct cmio_addr
local_address(const struct cmio_source *source)
{
	struct cmio_addr addr;

	ck_assert_ok(cmio_local_addr(source, &addr));
	return addr;
}

void
check_same_address(const struct cmio_addr *a, const struct cmio_addr *b)
{
	char one[200], other[200];

	ck_assert_ok(cmio_addr_format(a, one, sizeof(one)));
	ck_assert_ok(cmio_addr_format(b, other, sizeof(other)));
	ck_assert_str_eq(one, other);
	ck_assert_mem_eq(a, b, sizeof(*a));
}

bool
has_ipv6(void)
{
	struct cmio_addr addr = address("[::1]:0");
	struct cmio_source source;

	if (cmio_udp_bind(&source, &addr) == -1)
		return false;
	ck_assert_ok(cmio_close(&source));
	return true;
}

struct cmio_addr
tcp_listen(struct cmio_source *listener)
{
	struct cmio_addr addr = address("127.0.0.1:0");

	ck_assert_ok(cmio_tcp_listen(listener, &addr));
	return local_address(listener);
}

struct cmio_addr
udp_bind(struct cmio_source *source)
{
	struct cmio_addr addr = address("127.0.0.1:0");

	ck_assert_ok(cmio_udp_bind(source, &addr));
	return local_address(source);
}

void
accept_one(struct cmio_source *listener, struct cmio_source *stream)
{
	while (cmio_accept(listener, stream, NULL) == -1) {
		ck_assert_int_eq(errno, EAGAIN);
		await(listener, CMIO_READABLE);
	}
}

void
tcp_pair(struct cmio_source *client, struct cmio_source *server)
{
	struct cmio_source listener;
	struct cmio_addr addr = tcp_listen(&listener);

	ck_assert_ok(cmio_tcp_connect(client, &addr));
	accept_one(&listener, server);
	await(client, CMIO_WRITABLE);
	ck_assert_ok(cmio_finish_connect(client));
	ck_assert_ok(cmio_close(&listener));
}

void
await(struct cmio_source *source, unsigned int ready)
{
	struct cmio_poll *poll = open_selector(0);

	ck_assert_ok(cmio_register(poll, source, 1, ready));
	wait_for(poll, 1, ready);
	ck_assert_ok(cmio_deregister(poll, source));
	cmio_poll_unref(poll);
}

void
expect_bytes(struct cmio_source *source, const char *bytes)
{
	char got[100];
	size_t have = 0, want = strlen(bytes);
	ssize_t n;

	ck_assert_uint_lt(want, sizeof(got));
	while (have < want) {
		n = cmio_read(source, got + have, want - have);
		if (n == -1) {
			ck_assert_int_eq(errno, EAGAIN);
			await(source, CMIO_READABLE);
			continue;
		}
		ck_assert_int_gt(n, 0);
		have += (size_t)n;
	}
	got[have] = '\0';
	ck_assert_str_eq(got, bytes);
}

size_t
fill(struct cmio_source *source)
{
	static const char block[16384];
	size_t sum = 0;
	ssize_t n;

	while ((n = cmio_write(source, block, sizeof(block))) != -1)
		sum += (size_t)n;
	ck_assert_int_eq(errno, EAGAIN);
	return sum;
}

size_t
drain(struct cmio_source *source)
{
	char block[16384];
	size_t sum = 0;
	ssize_t n;

	while ((n = cmio_read(source, block, sizeof(block))) > 0)
		sum += (size_t)n;
	ck_assert_int_eq(n, -1);
	ck_assert_int_eq(errno, EAGAIN);
	return sum;
}

void
write_text(struct cmio_source *source, const char *text)
{
	ck_assert_int_eq(cmio_write(source, text, strlen(text)),
	    (ssize_t)strlen(text));
}

void
reset(struct cmio_source *source)
{
	ck_assert_ok(cmio_set_linger(source, 0));
	ck_assert_ok(cmio_close(source));
}

void
check_flags(const struct cmio_source *source)
{
	int flags;

	flags = fcntl(source->fd, F_GETFL);
	ck_assert_int_ne(flags, -1);
	ck_assert_int_ne(flags & O_NONBLOCK, 0);
	flags = fcntl(source->fd, F_GETFD);
	ck_assert_int_ne(flags, -1);
	ck_assert_int_ne(flags & FD_CLOEXEC, 0);
}

void
close_sources(struct cmio_source *a, struct cmio_source *b)
{
	ck_assert_ok(cmio_close(a));
	ck_assert_ok(cmio_close(b));
}

struct cmio_poll *
watch_source(int selector, struct cmio_source *source, unsigned int interest)
{
	struct cmio_poll *poll = open_selector(selector);

	ck_assert_ok(cmio_register(poll, source, WATCHED, interest));
	if (interest & CMIO_WRITABLE)
		wait_for(poll, WATCHED, CMIO_WRITABLE);
	return poll;
}

struct cmio_poll *
watch_tcp_pair(int selector, struct cmio_source *client,
    struct cmio_source *server, unsigned int interest)
{
	tcp_pair(client, server);
	return watch_source(selector, client, interest);
}

void
unwatch_pair(struct cmio_poll *poll, struct cmio_source *a,
    struct cmio_source *b)
{
	close_sources(a, b);
	cmio_poll_unref(poll);
}
