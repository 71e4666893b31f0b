/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks share and no measured library takes part in: clocks,
 * sockets, the count of allocations, the load from another process.
 */
#include "bench.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <stdatomic.h>

/* The C library's functions, which ours call. */
extern void	*__libc_malloc(size_t);
extern void	*__libc_calloc(size_t, size_t);
extern void	*__libc_realloc(void *, size_t);

static atomic_long allocated;

_Thread_local long woken;

void *
malloc(size_t size)
{
	atomic_fetch_add_explicit(&allocated, 1, memory_order_relaxed);
	return __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	atomic_fetch_add_explicit(&allocated, 1, memory_order_relaxed);
	return __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	atomic_fetch_add_explicit(&allocated, 1, memory_order_relaxed);
	return __libc_realloc(old, size);
}

long
allocations(void)
{
	return atomic_load(&allocated);
}

size_t
heap_bytes(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

void
watch_start(struct result *result)
{
	result->allocs -= allocations();
	result->wall -= clock_now(CLOCK_MONOTONIC);
	result->cpu -= clock_now(CLOCK_PROCESS_CPUTIME_ID);
}

void
watch_stop(struct result *result)
{
	result->cpu += clock_now(CLOCK_PROCESS_CPUTIME_ID);
	result->wall += clock_now(CLOCK_MONOTONIC);
	result->allocs += allocations();
}

void
need_descriptors(int n)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)n + 64;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		err(1, "getrlimit");
	if (limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	if (limit.rlim_max < wanted)
		limit.rlim_max = wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		unable();
}

int
tcp_listener(struct sockaddr_in *addr)
{
	socklen_t len = sizeof(*addr);
	int fd;

	*addr = (struct sockaddr_in){ .sin_family = AF_INET };
	addr->sin_addr.s_addr = htonl(INADDR_ANY);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)addr, sizeof(*addr)) == -1 ||
	    listen(fd, 4096) == -1 ||
	    getsockname(fd, (struct sockaddr *)addr, &len) == -1)
		err(1, "listener");
	addr->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd;
}

void
tcp_pair(int fds[2])
{
	struct sockaddr_in addr;
	int i, listener = tcp_listener(&addr), on = 1;

	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fds[0] == -1 ||
	    connect(fds[0], (struct sockaddr *)&addr, sizeof(addr)) == -1)
		err(1, "connect");
	fds[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fds[1] == -1 || fcntl(fds[0], F_SETFL, O_NONBLOCK) == -1)
		err(1, "accept4");
	for (i = 0; i < 2; i++)
		setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	close(listener);
}

int
load_start(const struct sockaddr_in *addr, const struct job *job)
{
	const char *load = getenv("BENCH_LOAD");
	char port[16], n[16], size[16], count[24];
	int fds[2];

	if (load == NULL)
		errx(1, "BENCH_LOAD does not say where the load program is");
	snprintf(port, sizeof(port), "%d", ntohs(addr->sin_port));
	snprintf(n, sizeof(n), "%d", job->n);
	snprintf(size, sizeof(size), "%d", job->k);
	snprintf(count, sizeof(count), "%ld", job->count);
	if (pipe(fds) == -1)
		err(1, "pipe");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		dup2(fds[1], 1);
		execl(load, load, port, n, size, count, (char *)NULL);
		_exit(1);
	}
	close(fds[1]);
	return fds[0];
}

void
load_report(int fd)
{
	char buf[256];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	close(fd);
	wait(NULL);
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void
print_percentiles(int64_t *samples, long n)
{
	qsort(samples, (size_t)n, sizeof(*samples), compare);
	printf("p50 %lld p99 %lld p999 %lld ", (long long)samples[n / 2],
	    (long long)samples[n - 1 - n / 100],
	    (long long)samples[n - 1 - n / 1000]);
}
