/* SPDX-License-Identifier: MIT */
/*
 * The benchmarks, and main(): see bench.h.  The measured program has one thread
 * if possible, so that its instructions and its system calls are the same in
 * every run.
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

/* K of N descriptors are ready at every wait; nothing is done with them. */
HANDLER(count_event)
{
	if (ready & READ)
		events += 1 + (long)(token & 1);
}

static inline __attribute__((always_inline)) void
dispatch_with(const struct job *job, void (*with)(struct loop *))
{
	long i;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	if (with != NULL)
		with(&loop);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i,
		    READ | LEVEL, CALLBACK(count_event));
	for (i = 0; i < job->k; i++)
		trigger(fds[i * job->n / job->k]);
	for (i = 0; i < 10; i++)
		loop_turn(&loop, 0, count_event);
	watch_start(&result);
	for (i = 0; i < job->count; i++)
		loop_turn(&loop, 0, count_event);
	watch_stop(&result);
	result.ops = job->count;
}

static void
dispatch(const struct job *job)
{
	dispatch_with(job, NULL);
}

static void
dispatch_waker(const struct job *job)
{
	dispatch_with(job, waker_on);
}

/* N descriptors; each of K events makes the next descriptor ready. */
HANDLER(pass_on)
{
	uint64_t value;

	(void)ready;
	if (read(fds[token], &value, sizeof(value)) == -1)
		err(1, "read");
	watch_drained(&watches[token]);
	if (++events <= wanted)
		trigger(fds[(token + 1) % (uintptr_t)closed]);
}

static void
chain(const struct job *job)
{
	long i;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(pass_on));
	closed = job->n;
	wanted = job->count;
	loop_turn(&loop, 0, pass_on);
	for (i = 0; i < job->k; i++)
		trigger(fds[i * job->n / job->k]);
	watch_start(&result);
	while (events < wanted)
		loop_turn(&loop, -1, pass_on);
	watch_stop(&result);
	result.ops = events;
	result.others = 2;
}

/* One message over one connection, back and forth in one loop. */
HANDLER(return_message)
{
	char buf[4096];
	ssize_t n;

	(void)ready;
	n = watch_recv(&watches[token], buf, sizeof(buf));
	if (n <= 0)
		err(1, "recv");
	if (events++ < wanted)
		watch_send(&watches[token], buf, (size_t)n);
}

static void
pingpong(const struct job *job)
{
	char buf[4096] = { 0 };
	uintptr_t i;

	make_watches(2);
	tcp_pair(fds);
	loop_open(&loop, variant);
	for (i = 0; i < 2; i++)
		watch_add(&loop, &watches[i], fds[i], i, READ,
		    CALLBACK(return_message));
	wanted = job->count * 2;
	loop_turn(&loop, 0, return_message);
	watch_start(&result);
	watch_send(&watches[0], buf, (size_t)job->k);
	while (events < wanted)
		loop_turn(&loop, -1, return_message);
	watch_stop(&result);
	result.ops = job->count;
}

/* N connections, and messages of K bytes from another process. */
HANDLER(echo_message)
{
	static char buf[65536];
	struct watch *w = &watches[token];
	ssize_t n;

	(void)ready;
	n = watch_recv(w, buf, sizeof(buf));
	if (n > 0)
		watch_send(w, buf, (size_t)n);
	else if (n == 0) {
		watch_close(&loop, w);
		closed++;
	}
}

static void
echo(const struct job *job)
{
	struct sockaddr_in addr;
	struct pollfd p = { .events = POLLIN };
	int i, report;

	need_descriptors(job->n);
	make_watches(job->n);
	p.fd = tcp_listener(&addr);
	report = load_start(&addr, job);
	loop_open(&loop, variant);
	for (i = 0; i < job->n; i++) {
		poll(&p, 1, -1);
		fds[i] = accept4(p.fd, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fds[i] == -1)
			err(1, "accept4");
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(echo_message));
	}
	watch_start(&result);
	while (closed < job->n)
		loop_turn(&loop, -1, echo_message);
	watch_stop(&result);
	result.ops = job->count;
	load_report(report);
}

/* Datagrams that arrive N at a time, and are sent back one by one. */
HANDLER(echo_datagrams)
{
	char buf[2048];
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t n;

	(void)ready;
	while ((n = recvfrom(fds[token], buf, sizeof(buf), 0,
	    (struct sockaddr *)&from, &len)) >= 0) {
		if (sendto(fds[token], buf, (size_t)n, MSG_NOSIGNAL,
		    (struct sockaddr *)&from, len) == -1)
			err(1, "sendto");
		events++;
	}
}

static void
udp(const struct job *job)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	struct mmsghdr msgs[512] = { { .msg_len = 0 } };
	struct iovec iov[512];
	static char bufs[512][64];
	int client, i;
	long round;

	make_watches(1);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fds[0] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fds[0] == -1 || client == -1 ||
	    bind(fds[0], (struct sockaddr *)&addr, sizeof(addr)) == -1 ||
	    getsockname(fds[0], (struct sockaddr *)&addr, &len) == -1 ||
	    connect(client, (struct sockaddr *)&addr, len) == -1)
		err(1, "udp");
	for (i = 0; i < job->n; i++) {
		iov[i].iov_base = bufs[i];
		iov[i].iov_len = (size_t)job->k;
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	loop_open(&loop, variant);
	watch_add(&loop, &watches[0], fds[0], 0, READ,
	    CALLBACK(echo_datagrams));
	for (round = 0; round < job->count; round++) {
		if (sendmmsg(client, msgs, (unsigned int)job->n, 0) != job->n)
			err(1, "sendmmsg");
		watch_start(&result);
		while (events < (round + 1) * job->n)
			loop_turn(&loop, -1, echo_datagrams);
		watch_stop(&result);
		if (recvmmsg(client, msgs, (unsigned int)job->n, 0, NULL) !=
		    job->n)
			err(1, "recvmmsg");
	}
	result.ops = job->count * job->n;
	/* The two above, and two calls of the CPU clock. */
	result.others = 4.0 / job->n;
}

/*
 * Connections that bring a request, get an answer and are closed, N at a
 * time.  If K is not 0 the program tries to receive before it registers.
 */
static const struct job *connection_job;

static bool
serve(struct watch *w)
{
	char buf[256];
	ssize_t n;

	n = watch_recv(w, buf, sizeof(buf));
	if (n == -1 && errno == EAGAIN)
		return false;
	if (n <= 0 || watch_send(w, buf, (size_t)n) != n)
		err(1, "serve");
	return true;
}

HANDLER(serve_connection)
{
	(void)ready;
	if (serve(&watches[token])) {
		watch_close(&loop, &watches[token]);
		closed++;
	}
}

HANDLER(accept_connections)
{
	int fd;

	if (token != (uintptr_t)connection_job->n) {
		serve_connection(token, ready);
		return;
	}
	while ((fd = watch_accept(&listener, &watches[events])) != -1) {
		if (connection_job->k && serve(&watches[events])) {
			close(fd);
			closed++;
		} else
			watch_add(&loop, &watches[events], fd,
			    (uintptr_t)events, READ,
			    CALLBACK(serve_connection));
		events++;
	}
}

/* Each burst uses another address, because the ports would run out. */
static int
send_request(const struct sockaddr_in *addr, long round)
{
	struct sockaddr_in to = *addr;
	char request[64] = { 0 };
	int fd;

	to.sin_addr.s_addr = htonl(0x7f000001u |
	    (uint32_t)(getpid() % 251) << 16 |
	    (uint32_t)(round % 250 + 1) << 8);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&to, sizeof(to)) == -1 ||
	    send(fd, request, sizeof(request), 0) == -1)
		err(1, "request");
	return fd;
}

static void
get_answer(int fd)
{
	char buf[256];

	if (recv(fd, buf, sizeof(buf), 0) <= 0)
		err(1, "answer");
	close(fd);
}

static void
connections(const struct job *job)
{
	struct sockaddr_in addr;
	int i, fd;
	long round;

	make_watches(job->n + 1);
	connection_job = job;
	fd = tcp_listener(&addr);
	loop_open(&loop, variant);
	watch_add(&loop, &listener, fd, (uintptr_t)job->n, READ,
	    CALLBACK(accept_connections));
	for (round = 0; round < job->count; round++) {
		for (i = 0; i < job->n; i++)
			fds[i] = send_request(&addr, round);
		events = closed = 0;
		watch_start(&result);
		while (closed < job->n)
			loop_turn(&loop, -1, accept_connections);
		watch_stop(&result);
		for (i = 0; i < job->n; i++)
			get_answer(fds[i]);
	}
	result.ops = job->count * job->n;
	/* The other end's five calls, its getpid, and two of the clock. */
	result.others = 6 + 2.0 / job->n;
}

/* Registering N descriptors, changing them, and removing them. */
enum { ADD = 1, CHANGE = 2, REMOVE = 4 };

static void
churn(const struct job *job, int measured)
{
	long i, round;

	make_eventfds(job->n);
	loop_open(&loop, variant);
	for (round = 0; round < job->count; round++) {
		if (measured & ADD)
			watch_start(&result);
		for (i = 0; i < job->n; i++)
			watch_add(&loop, &watches[i], fds[i], (uintptr_t)i,
			    READ, CALLBACK(count_event));
		if (measured & ADD)
			loop_turn(&loop, 0, count_event);
		if (measured == ADD)
			watch_stop(&result);
		if (measured == CHANGE)
			watch_start(&result);
		if (measured & CHANGE) {
			for (i = 0; i < job->n; i++)
				watch_change(&loop, &watches[i],
				    READ | WRITE);
			loop_turn(&loop, 0, count_event);
		}
		if (measured == CHANGE)
			watch_stop(&result);
		if (measured == REMOVE)
			watch_start(&result);
		for (i = 0; i < job->n; i++)
			watch_remove(&loop, &watches[i]);
		loop_turn(&loop, 0, count_event);
		if (measured & REMOVE)
			watch_stop(&result);
	}
	result.ops = job->count * job->n;
}

static void
add(const struct job *job)
{
	churn(job, ADD);
}

static void
change(const struct job *job)
{
	churn(job, CHANGE);
}

static void
remove_again(const struct job *job)
{
	churn(job, REMOVE);
}

static void
add_and_remove(const struct job *job)
{
	churn(job, ADD | REMOVE);
}

static void
add_change_remove(const struct job *job)
{
	churn(job, ADD | CHANGE | REMOVE);
}

/* Waking a loop that runs: N times between two iterations. */
HANDLER(count_wake)
{
	(void)token;
	(void)ready;
	note_wake();
}

static void
wake_busy(const struct job *job)
{
	long i;
	int j;

	loop_open(&loop, variant);
	waker_on(&loop);
	loop_wake(&loop);
	loop_turn(&loop, 0, count_wake);
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		for (j = 0; j < job->n; j++)
			loop_wake(&loop);
		loop_turn(&loop, 0, count_wake);
	}
	watch_stop(&result);
	if (woken < job->count)
		errx(1, "%ld wakes for %ld turns", woken, job->count);
	result.ops = job->count * job->n;
}

/* Two threads that wake each other. */
static struct loop loops[2];
static int64_t *samples;

static void
wait_for_wake(struct loop *l, long n)
{
	while (woken < n)
		loop_turn(l, -1, count_wake);
}

static void *
answer_wakes(void *arg)
{
	const struct job *job = arg;
	long i;

	for (i = 1; i <= job->count; i++) {
		wait_for_wake(&loops[1], i);
		loop_wake(&loops[0]);
	}
	return NULL;
}

static void
wake_trip(const struct job *job)
{
	pthread_t thread;
	int64_t then;
	long i;

	for (i = 0; i < 2; i++) {
		loop_open(&loops[i], variant);
		waker_on(&loops[i]);
	}
	samples = calloc((size_t)job->count, sizeof(*samples));
	if (samples == NULL ||
	    pthread_create(&thread, NULL, answer_wakes, (void *)job) != 0)
		err(1, "wake_trip");
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		then = clock_now(CLOCK_MONOTONIC);
		loop_wake(&loops[1]);
		wait_for_wake(&loops[0], i + 1);
		samples[i] = clock_now(CLOCK_MONOTONIC) - then;
	}
	watch_stop(&result);
	pthread_join(thread, NULL);
	result.ops = job->count;
	print_percentiles(samples, job->count);
}

/*
 * A thread stores numbers, and wakes the loop for each; from time to time it
 * waits until the loop has seen the last.  A lost wake stops both for ever.
 */
static atomic_long stored, seen;

static void *
store_numbers(void *arg)
{
	const struct job *job = arg;
	unsigned int random = 1;
	long i;

	for (i = 1; i <= job->count; i++) {
		atomic_store(&stored, i);
		loop_wake(&loop);
		random = random * 1103515245 + 12345;
		if ((random >> 16) % (unsigned int)job->n == 0 ||
		    i == job->count)
			while (atomic_load(&seen) != i)
				sched_yield();
	}
	return NULL;
}

static void
wake_storm(const struct job *job)
{
	pthread_t thread;

	loop_open(&loop, variant);
	waker_on(&loop);
	alarm(600);
	watch_start(&result);
	if (pthread_create(&thread, NULL, store_numbers, (void *)job) != 0)
		err(1, "pthread_create");
	while (atomic_load(&seen) < job->count) {
		loop_turn(&loop, -1, count_wake);
		atomic_store(&seen, atomic_load(&stored));
	}
	watch_stop(&result);
	pthread_join(thread, NULL);
	result.ops = job->count;
	printf("turns %ld ", woken);
}

/* Making a loop and closing it; if K is not 0, with a waker. */
static void
create(const struct job *job)
{
	long i;

	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		loop_open(&loop, variant);
		if (job->k)
			waker_on(&loop);
		if (job->k)
			waker_off(&loop);
		loop_close(&loop);
	}
	watch_stop(&result);
	result.ops = job->count;
}

/* The memory of a loop, of one with a waker, and of a descriptor. */
static void
memory(const struct job *job)
{
	size_t bare, waker, full, before;
	int i;

	make_eventfds(job->n);
	before = heap_bytes();
	loop_open(&loop, variant);
	loop_turn(&loop, 0, count_event);
	bare = heap_bytes();
	waker_on(&loop);
	loop_turn(&loop, 0, count_event);
	waker = heap_bytes();
	watch_start(&result);
	for (i = 0; i < job->n; i++)
		watch_add(&loop, &watches[i], fds[i], (uintptr_t)i, READ,
		    CALLBACK(count_event));
	loop_turn(&loop, 0, count_event);
	watch_stop(&result);
	full = heap_bytes();
	result.ops = job->n;
	printf("loop %zu waker %zu each %.1f callers %zu ", bare - before,
	    waker - before, (double)(full - waker) / job->n,
	    sizeof(struct watch));
}

/* A timeout of K nanoseconds, and how long it takes. */
static void
sleep_long(const struct job *job)
{
	int64_t then;
	long i;

	loop_open(&loop, variant);
	samples = calloc((size_t)job->count, sizeof(*samples));
	if (samples == NULL)
		err(1, "calloc");
	loop_sleep(&loop, job->k);
	watch_start(&result);
	for (i = 0; i < job->count; i++) {
		then = clock_now(CLOCK_MONOTONIC);
		loop_sleep(&loop, job->k);
		samples[i] = clock_now(CLOCK_MONOTONIC) - then;
	}
	watch_stop(&result);
	result.ops = job->count;
	print_percentiles(samples, job->count);
}

/*
 * N threads, each with its own loop, wait for one listener; K: with EXCLUSIVE.
 * How often does a thread go to sleep for each connection?  Some threads that
 * wake without an event stay in the kernel, and only the kernel counts them.
 */
static atomic_int sleeping, accepted;
static _Thread_local struct watch listening;
static int shared;

static long
sleeps_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return usage.ru_nvcsw;
}

HANDLER(accept_one)
{
	int fd;

	(void)token;
	(void)ready;
	while ((fd = accept4(shared, NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		close(fd);
		atomic_fetch_add(&accepted, 1);
	}
	watch_drained(&listening);
}

static void *
share_listener(void *arg)
{
	const struct job *job = arg;
	struct loop *own = calloc(1, sizeof(*own));

	if (own == NULL)
		err(1, "calloc");
	loop_open(own, variant);
	watch_add(own, &listening, shared, 0, job->k ? READ | EXCLUSIVE : READ,
	    CALLBACK(accept_one));
	for (;;) {
		atomic_fetch_add(&sleeping, 1);
		loop_turn(own, -1, accept_one);
	}
	return NULL;
}

static void
herd(const struct job *job)
{
	const struct timespec settle = { .tv_nsec = 2000000 };
	struct sockaddr_in addr;
	pthread_t thread;
	long i, sleeps;
	int fd;

	if (EXCLUSIVE == 0 && job->k)
		unable();
	shared = tcp_listener(&addr);
	for (i = 0; i < job->n; i++)
		if (pthread_create(&thread, NULL, share_listener,
		    (void *)job) != 0)
			err(1, "pthread_create");
	while (atomic_load(&sleeping) < job->n)
		nanosleep(&settle, NULL);
	nanosleep(&settle, NULL);
	watch_start(&result);
	sleeps = sleeps_of(RUSAGE_THREAD) - sleeps_of(RUSAGE_SELF);
	for (i = 0; i < job->count; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd == -1 || connect(fd, (struct sockaddr *)&addr,
		    sizeof(addr)) == -1)
			err(1, "connect");
		while (atomic_load(&accepted) <= i)
			nanosleep(&settle, NULL);
		nanosleep(&settle, NULL);
		close(fd);
	}
	watch_stop(&result);
	result.ops = job->count;
	sleeps += sleeps_of(RUSAGE_SELF) - sleeps_of(RUSAGE_THREAD);
	printf("sleeps %.2f ", (double)sleeps / (double)job->count);
}

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
