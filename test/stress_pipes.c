/* SPDX-License-Identifier: MIT */
/*
 * Threads that use one poll, each with its own named pipe: accept, connect,
 * write, read, close during a transfer, disconnect, and begin again, while one
 * thread waits for all of them.  After EAGAIN a thread waits for the event, and
 * counts it as lost if it does not come.
 *
 * stress_pipes [connections [rounds]]
 */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmio/net.h>
#include <cmio/waker.h>
#include <cmio/windows.h>

#include "descriptors.h"
#include "usage.h"

enum { PIPES = 4, LARGEST = 200000, LOST_AFTER = 20, EVENTS = 8 };
enum { SERVER, CLIENT, ENDS };

struct user {
	struct stress		*stress;
	pthread_t		 thread;
	unsigned int		 number;
	unsigned int		 random;
	struct cmio_source	 ends[ENDS];
	atomic_ulong		 seen[ENDS];	/* events of each */
	unsigned long long	 bytes;
};

struct stress {
	struct cmio_poll	*poll;
	struct cmio_waker	*end;
	unsigned long		 connections;	/* of each user */
	atomic_ulong		 failures, lost;
	struct user		 users[PIPES];
	char			 data[LARGEST];
};

static bool
wrong(struct stress *s, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	atomic_fetch_add(&s->failures, 1);
	return false;
}

static unsigned int
draw(struct user *user)
{
	user->random = user->random * 1103515245 + 12345;
	return user->random >> 8;
}

/* Waits until there are more events than before the operation. */
static bool
await(struct user *user, int which, unsigned long before)
{
	time_t end = time(NULL) + LOST_AFTER;

	while (atomic_load(&user->seen[which]) == before) {
		sched_yield();
		if (atomic_load(&user->stress->failures) != 0)
			return false;
		if (time(NULL) < end)
			continue;
		atomic_fetch_add(&user->stress->lost, 1);
		errno = ETIMEDOUT;
		return wrong(user->stress, which == SERVER ?
		    "the server's event is lost" :
		    "the client's event is lost");
	}
	return true;
}

static char
byte_at(size_t at)
{
	return (char)(at * 7 + (at >> 8));
}

/* Writes as much as possible now. */
static bool
write_some(struct user *user, size_t *sent, size_t size)
{
	ssize_t n;

	if (*sent == size)
		return true;
	n = cmio_write(&user->ends[CLIENT], user->stress->data + *sent,
	    size - *sent);
	if (n == -1 && errno != EAGAIN)
		return wrong(user->stress, "cmio_write");
	*sent += n > 0 ? (size_t)n : 0;
	return true;
}

/* Returns the number of bytes, 0 at the end, -1 if they are wrong. */
static ssize_t
read_some(struct user *user, size_t received)
{
	unsigned long before;
	char buf[30000];
	ssize_t i, n;

	for (;;) {
		before = atomic_load(&user->seen[SERVER]);
		n = cmio_read(&user->ends[SERVER], buf, sizeof(buf));
		if (n != -1)
			break;
		if (errno != EAGAIN) {
			wrong(user->stress, "cmio_read");
			return -1;
		}
		if (!await(user, SERVER, before))
			return -1;
	}
	for (i = 0; i < n; i++)
		if (buf[i] != byte_at(received + (size_t)i)) {
			wrong(user->stress, "a byte is not what was sent");
			return -1;
		}
	return n;
}

/*
 * The client writes while the server reads, and closes when all is written and
 * some of it is not yet read.
 */
static bool
transfer(struct user *user, size_t size)
{
	size_t sent = 0, received = 0;
	unsigned long before;
	bool open = true;
	ssize_t n;

	for (;;) {
		before = atomic_load(&user->seen[CLIENT]);
		if (open && !write_some(user, &sent, size))
			return false;
		if (open && sent == size) {
			open = false;
			cmio_close(&user->ends[CLIENT]);
		}
		if (open && received == sent) {
			if (!await(user, CLIENT, before))
				return false;
			continue;
		}
		n = read_some(user, received);
		if (n == -1)
			return false;
		if (n == 0)
			break;
		received += (size_t)n;
	}
	user->bytes += received;
	return received == size || wrong(user->stress, "bytes are missing");
}

/* Before accept only a new pipe has room for a client. */
static bool
join_client(struct user *user, const char *name, bool is_new)
{
	struct stress *s = user->stress;
	unsigned long before = atomic_load(&user->seen[SERVER]);
	bool first = !is_new || draw(user) % 2;
	int rc = -1;

	if (first && cmio_named_pipe_accept(&user->ends[SERVER]) == -1 &&
	    errno != EAGAIN)
		return wrong(s, "cmio_named_pipe_accept");
	if (cmio_named_pipe_open(&user->ends[CLIENT], name) == -1)
		return wrong(s, "cmio_named_pipe_open");
	if (cmio_register(s->poll, &user->ends[CLIENT],
	    2 * user->number + CLIENT, CMIO_READABLE | CMIO_WRITABLE) == -1)
		return wrong(s, "cmio_register");
	while (rc == -1) {
		rc = cmio_named_pipe_accept(&user->ends[SERVER]);
		if (rc == -1 && errno != EAGAIN)
			return wrong(s, "cmio_named_pipe_accept");
		if (rc == -1 && !await(user, SERVER, before))
			return false;
		before = atomic_load(&user->seen[SERVER]);
	}
	return true;
}

static bool
serve(struct user *user, const char *name)
{
	struct stress *s = user->stress;
	int i, clients = 1 + (int)(draw(user) % 8);

	if (cmio_named_pipe_listen(&user->ends[SERVER], name) == -1 ||
	    cmio_register(s->poll, &user->ends[SERVER],
	    2 * user->number + SERVER, CMIO_READABLE | CMIO_WRITABLE) == -1)
		return wrong(s, "cmio_named_pipe_listen");
	for (i = 0; i < clients; i++) {
		if (!join_client(user, name, i == 0) ||
		    !transfer(user, 1 + draw(user) % LARGEST))
			return false;
		if (cmio_named_pipe_disconnect(&user->ends[SERVER]) == -1)
			return wrong(s, "cmio_named_pipe_disconnect");
	}
	/* With a client wanted, or without. */
	if (draw(user) % 2)
		cmio_named_pipe_accept(&user->ends[SERVER]);
	cmio_close(&user->ends[SERVER]);
	return true;
}

static void *
run(void *arg)
{
	struct user *user = arg;
	unsigned long i;
	char name[80];

	for (i = 0; i < user->stress->connections; i++) {
		snprintf(name, sizeof(name), "\\\\.\\pipe\\cmio-%lu-%u-%lu",
		    GetCurrentProcessId(), user->number, i);
		if (!serve(user, name))
			break;
	}
	return NULL;
}

static void *
wait_for_all(void *arg)
{
	struct cmio_event events[EVENTS];
	struct stress *s = arg;
	bool over = false;
	int i, n;

	while (!over) {
		n = cmio_poll_wait(s->poll, events, EVENTS, -1);
		if (n < 1)
			wrong(s, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			if (events[i].token == ENDS * PIPES)
				over = true;
			else
				atomic_fetch_add(&s->users[events[i].token /
				    ENDS].seen[events[i].token % ENDS], 1);
	}
	return NULL;
}

static bool
run_round(unsigned long connections, unsigned long round,
    unsigned long long *bytes)
{
	static struct stress s;
	pthread_t waiter;
	unsigned int i;

	memset(&s, 0, sizeof(s));
	s.connections = connections;
	for (i = 0; i < LARGEST; i++)
		s.data[i] = byte_at(i);
	s.poll = cmio_poll_new("afd");
	s.end = s.poll == NULL ? NULL : cmio_waker_new(s.poll, ENDS * PIPES);
	if (s.end == NULL || pthread_create(&waiter, NULL, wait_for_all,
	    &s) != 0)
		abort();
	for (i = 0; i < PIPES; i++) {
		s.users[i].stress = &s;
		s.users[i].number = i;
		s.users[i].random = (unsigned int)round * PIPES + i;
		if (pthread_create(&s.users[i].thread, NULL, run,
		    &s.users[i]) != 0)
			abort();
	}
	for (i = 0; i < PIPES; i++) {
		pthread_join(s.users[i].thread, NULL);
		*bytes += s.users[i].bytes;
	}
	cmio_waker_wake(s.end);
	pthread_join(waiter, NULL);
	cmio_waker_free(s.end);
	cmio_poll_unref(s.poll);
	return atomic_load(&s.failures) == 0;
}

int
main(int argc, char **argv)
{
	unsigned long connections = argc > 1 ? strtoul(argv[1], NULL, 10) : 8;
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 4;
	unsigned long long bytes = 0;
	int before = 0, after;
	bool good = true;
	long kb = 0;
	unsigned long i;

	for (i = 0; i < rounds && good; i++) {
		good = run_round(connections, i, &bytes);
		if (i == 1) {
			before = open_descriptors();
			kb = memory_used();
		}
	}
	after = open_descriptors();
	if (rounds > 2)
		good = good && after <= before &&
		    memory_used() <= kb + kb / 4 + 1024;
	printf("%lu rounds, %lu times a pipe each, %llu bytes, "
	    "%d descriptors and then %d, %ld kB and then %ld\n", i,
	    connections * PIPES, bytes, before, after, kb, memory_used());
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
