/* SPDX-License-Identifier: MIT */
/*
 * Threads that use one poll: some wake it, some write to descriptors that it
 * watches, some register, reregister, deregister and close, and one waits.  The
 * sender of a wake or a byte waits until it has arrived, and counts it as lost
 * if it does not.
 *
 * That is one round.  There is one for each selector, or with seconds as many
 * as fit; afterwards no descriptor and no memory may be left.
 *
 * stress [wakes [selector [seconds [pairs]]]]
 */
#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmio/net.h>
#include <cmio/waker.h>

#include "descriptors.h"
#include "selectors.h"
#include "unfit.h"
#include "usage.h"

#define STILL	INT64_C(30000000000)

enum { WAKERS = 2, WRITERS = 2, CHURNERS = 2, BURST = 4 };
enum { PAIRS = 8, MOST_PAIRS = 2000, LOST_AFTER = 20 };
/* What the system, such as Wine, may keep, and after how many rounds. */
enum { KEPT = 2, SETTLED_AFTER = 2 };
enum {
	WAKER_TOKEN = 100,
	CHURN_TOKEN = 300,
	END = 400,
	READER_TOKEN = 1000,		/* MOST_PAIRS for each writer */
	LAST_TOKEN = READER_TOKEN + WRITERS * MOST_PAIRS
};

struct line {
	struct stress		*stress;
	pthread_t		 thread;
	unsigned int		 number;
	atomic_ulong		 sent, seen;
	struct cmio_waker	*waker;
	struct cmio_source	 listener;
	struct cmio_addr	 addr;
	struct cmio_source	 pairs[MOST_PAIRS][2];
	unsigned int		 n;		/* of them */
};

struct stress {
	struct cmio_poll	*poll;
	struct line		 wakers[WAKERS];
	struct line		 writers[WRITERS];
	struct line		 churners[CHURNERS];
	struct cmio_waker	*end;
	unsigned long		 wakes;		/* of each waker */
	unsigned int		 pairs;		/* of each writer */
	bool			 plain_close;	/* may use close(2) */
	bool			 apart;		/* not while one is made */
	pthread_rwlock_t	 making;	/* sockets */
	atomic_bool		 over;
	atomic_ulong		 failures, lost;
	unsigned long		 waits;
};

/* The sums of all rounds. */
struct sum {
	unsigned long		 rounds, wakes, edges, changes, waits, lost;
};

static bool
wrong(struct stress *s, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	atomic_fetch_add(&s->failures, 1);
	atomic_store(&s->over, true);
	return false;
}

static time_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* Waits until the waiter has seen all that was sent. */
static void
await(struct line *line)
{
	struct stress *s = line->stress;
	time_t end = now() + LOST_AFTER;

	while (atomic_load(&line->seen) < atomic_load(&line->sent) &&
	    atomic_load(&s->failures) == 0) {
		sched_yield();
		if (now() < end)
			continue;
		atomic_fetch_add(&s->lost, 1);
		errno = ETIMEDOUT;
		wrong(s, line->waker != NULL ? "a wake is lost" :
		    "an edge is lost");
	}
}

static bool
listen_locally(struct line *line)
{
	return cmio_addr_parse(&line->addr, "127.0.0.1:0") == 0 &&
	    cmio_tcp_listen(&line->listener, &line->addr) == 0 &&
	    cmio_local_addr(&line->listener, &line->addr) == 0;
}

static bool
tcp_pair(struct line *line, struct cmio_source pair[2])
{
	if (cmio_tcp_connect(&pair[0], &line->addr) == -1)
		return false;
	while (cmio_accept(&line->listener, &pair[1], NULL) == -1) {
		if (errno != EAGAIN)
			return false;
		sched_yield();
	}
	while (cmio_finish_connect(&pair[0]) == -1) {
		if (errno != EINPROGRESS)
			return false;
		sched_yield();
	}
	/* Otherwise its port is in use for a minute. */
	return cmio_set_linger(&pair[0], 0) == 0;
}

/* A pair; of TCP if the system has no other pairs. */
static bool
make_pair(struct line *line, struct cmio_source pair[2])
{
	return cmio_unix_pair(pair, SOCK_STREAM) == 0 ||
	    (errno == EAFNOSUPPORT && tcp_pair(line, pair)) ||
	    wrong(line->stress, "make_pair");
}

static void *
wake(void *arg)
{
	struct line *line = arg;
	struct stress *s = line->stress;
	unsigned long i;

	for (i = 1; i <= s->wakes && atomic_load(&s->failures) == 0; i++) {
		atomic_fetch_add(&line->sent, 1);
		if (cmio_waker_wake(line->waker) == -1)
			wrong(s, "cmio_waker_wake");
		if (i % BURST == 0 || i % 7 == 0 || i == s->wakes)
			await(line);
	}
	return NULL;
}

static void *
write_bytes(void *arg)
{
	struct line *line = arg;
	struct stress *s = line->stress;
	unsigned int i, at = line->number;

	while (!atomic_load(&s->over)) {
		for (i = 0; i < BURST && i < line->n; i++) {
			at = (at + 7) % line->n;
			atomic_fetch_add(&line->sent, 1);
			if (cmio_write(&line->pairs[at][1], "x", 1) != 1)
				wrong(s, "cmio_write");
		}
		await(line);
	}
	return NULL;
}

/* Reading to the end makes a new edge possible. */
static bool
read_to_the_end(struct stress *s, struct cmio_source *source)
{
	char buf[8];

	while (cmio_read(source, buf, sizeof(buf)) > 0)
		continue;
	return errno == EAGAIN || wrong(s, "cmio_read");
}

/*
 * Not by cmio_close(); the number may be another thread's socket before the
 * source is deregistered.  If why_unfit() says that the kernel cannot stand
 * that, no thread makes a socket meanwhile.
 */
static void
close_registered(struct stress *s, struct cmio_source *source)
{
	if (s->apart)
		pthread_rwlock_wrlock(&s->making);
	close((int)source->fd);
	cmio_deregister(NULL, source);
	if (s->apart)
		pthread_rwlock_unlock(&s->making);
}

static bool
make_registered(struct stress *s, struct line *line, uintptr_t token,
    unsigned int interest, struct cmio_source pair[2])
{
	bool made;

	pthread_rwlock_rdlock(&s->making);
	made = make_pair(line, pair) && (cmio_register(s->poll, &pair[0],
	    token, interest) == 0 || wrong(s, "cmio_register"));
	pthread_rwlock_unlock(&s->making);
	return made;
}

static bool
churn_once(struct stress *s, struct line *line, unsigned long i)
{
	const uintptr_t token = CHURN_TOKEN + (i & 7);
	struct cmio_source pair[2];

	if (!make_registered(s, line, token, CMIO_READABLE | CMIO_WRITABLE |
	    (i & 8 ? CMIO_LEVEL : 0), pair))
		return false;
	if (i & 16 && cmio_write(&pair[1], "y", 1) != 1)
		return wrong(s, "cmio_write");
	if (i & 64 && !read_to_the_end(s, &pair[0]))
		return false;
	if (cmio_reregister(s->poll, &pair[0], token, CMIO_READABLE) == -1)
		return wrong(s, "cmio_reregister");
	if (i & 64 && !read_to_the_end(s, &pair[0]))
		return false;
	if (i & 32 && cmio_deregister(s->poll, &pair[0]) == -1)
		return wrong(s, "cmio_deregister");
	if (i & 128 && s->plain_close) {
		close_registered(s, &pair[0]);
		cmio_close(&pair[1]);
	} else {
		cmio_close(&pair[i & 1]);
		cmio_close(&pair[~i & 1]);
	}
	atomic_fetch_add(&line->sent, 1);
	return true;
}

static void *
churn(void *arg)
{
	struct line *line = arg;
	unsigned long i = 0;

	while (!atomic_load(&line->stress->over) &&
	    churn_once(line->stress, line, i))
		i++;
	return NULL;
}

static void
take_bytes(struct stress *s, uintptr_t index)
{
	struct line *line = &s->writers[index / MOST_PAIRS];
	struct cmio_source *source = &line->pairs[index % MOST_PAIRS][0];
	char buf[64];
	ssize_t n;

	while ((n = cmio_read(source, buf, sizeof(buf))) > 0)
		atomic_fetch_add(&line->seen, (unsigned long)n);
	if (n == 0 || errno != EAGAIN)
		wrong(s, "cmio_read");
	if (s->waits % 16 == 0 && cmio_reregister(s->poll, source,
	    READER_TOKEN + index, CMIO_READABLE) == -1)
		wrong(s, "cmio_reregister");
}

/* Returns whether the end was reported. */
static bool
handle(struct stress *s, const struct cmio_event *event)
{
	struct line *line;

	if (event->token >= WAKER_TOKEN &&
	    event->token < WAKER_TOKEN + WAKERS) {
		line = &s->wakers[event->token - WAKER_TOKEN];
		atomic_store(&line->seen, atomic_load(&line->sent));
	} else if (event->token >= READER_TOKEN &&
	    event->token < LAST_TOKEN)
		take_bytes(s, event->token - READER_TOKEN);
	else if (event->token < CHURN_TOKEN || event->token > END)
		wrong(s, "a token of nobody's");
	return event->token == END;
}

static void *
wait_for_all(void *arg)
{
	struct stress *s = arg;
	struct cmio_event events[8];
	bool ended = false;
	int i, n;

	while (!ended && atomic_load(&s->failures) == 0) {
		n = cmio_poll_wait(s->poll, events, 1 + (int)(s->waits++ % 8),
		    STILL);
		if (n == 0)
			errno = ETIMEDOUT;
		if (n < 1)
			wrong(s, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			ended |= handle(s, &events[i]);
	}
	return NULL;
}

static bool
set_up_pairs(struct stress *s, struct line *line)
{
	uintptr_t token = READER_TOKEN + line->number * MOST_PAIRS;

	for (; line->n < s->pairs; line->n++)
		if (!make_pair(line, line->pairs[line->n]) ||
		    cmio_register(s->poll, &line->pairs[line->n][0],
		    token + line->n, CMIO_READABLE) == -1)
			return wrong(s, "set_up_pairs");
	return true;
}

static bool
begin(struct stress *s, struct line *lines, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		lines[i].stress = s;
		lines[i].number = i;
		cmio_source_init(&lines[i].listener, CMIO_FD_NONE);
		if (!listen_locally(&lines[i]))
			return wrong(s, "listen_locally");
	}
	return true;
}

static bool
set_up(struct stress *s)
{
	int i;

	if (!begin(s, s->wakers, WAKERS) || !begin(s, s->writers, WRITERS) ||
	    !begin(s, s->churners, CHURNERS))
		return false;
	for (i = 0; i < WAKERS; i++) {
		s->wakers[i].waker = cmio_waker_new(s->poll,
		    (uintptr_t)(WAKER_TOKEN + i));
		if (s->wakers[i].waker == NULL)
			return wrong(s, "cmio_waker_new");
	}
	for (i = 0; i < WRITERS; i++)
		if (!set_up_pairs(s, &s->writers[i]))
			return false;
	s->end = cmio_waker_new(s->poll, END);
	return s->end != NULL || wrong(s, "cmio_waker_new");
}

static void
start(struct line *lines, int n, void *(*run)(void *))
{
	int i;

	for (i = 0; i < n; i++)
		if (pthread_create(&lines[i].thread, NULL, run, &lines[i]) !=
		    0)
			abort();
}

static unsigned long
join(struct line *lines, int n)
{
	unsigned long sent = 0;
	int i;

	for (i = 0; i < n; i++) {
		pthread_join(lines[i].thread, NULL);
		sent += atomic_load(&lines[i].sent);
	}
	return sent;
}

static void
finish(struct line *lines, unsigned int n)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		if (lines[i].stress == NULL)
			return;
		cmio_waker_free(lines[i].waker);
		for (j = 0; j < lines[i].n; j++) {
			cmio_close(&lines[i].pairs[j][0]);
			cmio_close(&lines[i].pairs[j][1]);
		}
		cmio_close(&lines[i].listener);
	}
}

/* Frees the poll first or last, with requests of its sources pending. */
static void
tear_down(struct stress *s, unsigned long round)
{
	if (round % 2 == 0)
		cmio_poll_unref(s->poll);
	finish(s->wakers, WAKERS);
	finish(s->writers, WRITERS);
	finish(s->churners, CHURNERS);
	cmio_waker_free(s->end);
	if (round % 2 != 0)
		cmio_poll_unref(s->poll);
}

static void
run_threads(struct stress *s, struct sum *sum)
{
	pthread_t waiter;

	if (pthread_create(&waiter, NULL, wait_for_all, s) != 0)
		abort();
	start(s->wakers, WAKERS, wake);
	start(s->writers, WRITERS, write_bytes);
	start(s->churners, CHURNERS, churn);
	sum->wakes += join(s->wakers, WAKERS);
	atomic_store(&s->over, true);
	sum->edges += join(s->writers, WRITERS);
	sum->changes += join(s->churners, CHURNERS);
	cmio_waker_wake(s->end);
	pthread_join(waiter, NULL);
	sum->waits += s->waits;
}

static bool
run_round(const char *selector, unsigned long wakes, unsigned int pairs,
    struct sum *sum)
{
	struct stress *s = calloc(1, sizeof(*s));
	bool good;

	if (s == NULL)
		abort();
	s->wakes = wakes / WAKERS;
	s->pairs = pairs;
	/* Other selectors cannot always detect who has the number now. */
	s->plain_close = strcmp(selector, "afd") == 0;
	s->apart = why_unfit("number_is_another_thread_s_half_made_socket") !=
	    NULL;
	if (pthread_rwlock_init(&s->making, NULL) != 0)
		abort();
	s->poll = cmio_poll_new(selector);
	if (s->poll == NULL)
		wrong(s, selector);
	else if (set_up(s))
		run_threads(s, sum);
	tear_down(s, sum->rounds++);
	sum->lost += atomic_load(&s->lost);
	good = atomic_load(&s->failures) == 0;
	pthread_rwlock_destroy(&s->making);
	free(s);
	return good;
}

/* A thread that was joined may keep a handle open for a moment. */
static int
settled_descriptors(int most)
{
	time_t end = now() + SETTLED_AFTER;
	int n;

	while ((n = open_descriptors()) > most && now() < end)
		sched_yield();
	return n;
}

/*
 * In the first round the system allocates what it keeps; the second measures
 * it.
 */
static bool
stress(const char *selector, unsigned long wakes, time_t seconds,
    unsigned int pairs)
{
	int before = 0, after = 0;
	time_t end = now() + seconds;
	struct sum sum = { 0 };
	long kb = 0, most;
	bool good;

	do {
		good = run_round(selector, wakes, pairs, &sum);
		if (sum.rounds == 2) {
			before = open_descriptors();
			kb = memory_used();
		}
	} while (good && now() < end);
	after = settled_descriptors(before + KEPT);
	most = kb + kb / 4 + 1024;
	if (sum.rounds > 2)
		good = good && after <= before + KEPT && memory_used() <= most;
	printf("%s: %lu rounds, %lu wakes, %lu edges, %lu registrations, "
	    "%lu waits, %lu lost, %d descriptors and then %d, %ld kB and "
	    "then %ld\n", selector, sum.rounds, sum.wakes, sum.edges,
	    sum.changes, sum.waits, sum.lost, before, after, kb,
	    memory_used());
	fflush(stdout);
	return good;
}

static unsigned long
number(int argc, char **argv, int i, unsigned long otherwise)
{
	return argc > i ? strtoul(argv[i], NULL, 10) : otherwise;
}

int
main(int argc, char **argv)
{
	unsigned long wakes = number(argc, argv, 1, 4000);
	unsigned long seconds = number(argc, argv, 3, 0);
	unsigned long pairs = number(argc, argv, 4, PAIRS);
	const char *names[MOST_SELECTORS + 1], *const *name;
	int failed = 0, ran = 0;

	if (pairs < 1 || pairs > MOST_PAIRS)
		return EXIT_FAILURE;
	for (name = selectors_to_test(names); *name != NULL; name++) {
		if (argc > 2 && strcmp(argv[2], *name) != 0)
			continue;
		ran++;
		failed += !stress(*name, wakes, (time_t)seconds,
		    (unsigned int)pairs);
	}
	return ran != 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
