/* SPDX-License-Identifier: MIT */
/*
 * The benchmarks, in headers by subject, and main(): see bench.h.  The measured
 * program has one thread if possible, so that its instructions and its system
 * calls are the same in every run.
 *
 * usage: program variant benchmark n k count
 *
 * It prints one line of names and values: the number of operations, their CPU
 * time and elapsed time in nanoseconds, the benchmark's own system calls per
 * operation, allocations, and other results.
 */
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static const char *variant;
static struct loop loop;
static struct watch *watches, listener;
static int *fds;
static long events, wanted, closed;
static struct result result;
static int64_t *samples;

static void
make_watches(int n)
{
	watches = calloc((size_t)n, sizeof(*watches));
	fds = calloc((size_t)n, sizeof(*fds));
	if (watches == NULL || fds == NULL)
		err(1, "calloc");
}

static void
make_eventfds(int n)
{
	int i;

	need_descriptors(n);
	make_watches(n);
	for (i = 0; i < n; i++) {
		fds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (fds[i] == -1)
			err(1, "eventfd");
	}
}

static void
trigger(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) == -1)
		err(1, "write");
}

#include "dispatch.h"
#include "traffic.h"
#include "wakes.h"

static const struct {
	const char	*name;
	void		(*run)(const struct job *job);
} benchmarks[] = {
	{ "add", add },
	{ "addremove", add_and_remove },
	{ "chain", chain },
	{ "change", change },
	{ "churn", add_change_remove },
	{ "connections", connections },
	{ "create", create },
	{ "dispatch", dispatch },
	{ "dispatch_waker", dispatch_waker },
	{ "echo", echo },
	{ "herd", herd },
	{ "memory", memory },
	{ "pingpong", pingpong },
	{ "remove", remove_again },
	{ "sleep", sleep_long },
	{ "udp", udp },
	{ "wake_busy", wake_busy },
	{ "wake_storm", wake_storm },
	{ "wake_trip", wake_trip },
};

int
main(int argc, char **argv)
{
	struct job job;
	size_t i;

	if (argc != 6)
		errx(1, "usage: %s variant benchmark n k count", argv[0]);
	variant = argv[1];
	job = (struct job){ atoi(argv[3]), atoi(argv[4]), atol(argv[5]) };
	for (i = 0; i < sizeof(benchmarks) / sizeof(benchmarks[0]); i++)
		if (strcmp(benchmarks[i].name, argv[2]) == 0)
			break;
	if (i == sizeof(benchmarks) / sizeof(benchmarks[0]))
		errx(1, "there is no benchmark named %s", argv[2]);
	benchmarks[i].run(&job);
	printf("ops %ld cpu %lld wall %lld others %g allocs %ld\n",
	    result.ops, (long long)result.cpu, (long long)result.wall,
	    result.others, result.allocs);
	return 0;
}
