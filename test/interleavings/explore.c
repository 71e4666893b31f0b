/* SPDX-License-Identifier: MIT */
/* The scheduler of explore.h: a depth-first search over its choices. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "explore.h"

enum {
	STACK = 64 * 1024,
	MOST_STEPS = 600,	/* of a run: beyond that it has no end */
	TABLE = 1 << 19,
	PRINTED = 100
};

struct thread {
	ucontext_t	 context;
	bool		 ended;
	uint64_t	 seen;		/* a hash of the values it was given */
	const char	*name;		/* of its next step */
	const void	*object;
	bool		(*ready)(const void *object);
};

/* A choice among threads. */
struct choice {
	uint64_t	hash;		/* of the state */
	double		orders;		/* from here on, so far */
	unsigned int	left;		/* threads that were not chosen yet */
	int		chosen;
};

struct step {
	int		 thread;
	const char	*name;
	const void	*object;
};

/* What is known of a state: how many orders lead from there to an end. */
struct known {
	uint64_t	hash;
	double		orders;
};

static const struct scenario *scenario;
static struct thread threads[MOST_THREADS];
static char stacks[MOST_THREADS][STACK];
static ucontext_t scheduler;
static int running = NOBODY, count;
static struct choice choices[MOST_STEPS + 2 * MOST_THREADS];
static int depth, replayed;
static struct step steps[MOST_STEPS];
static int nsteps;
static struct known table[TABLE];
static unsigned long states;
static double orders;		/* of the run that has just ended */
static const char *failure;

static uint64_t
mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t
hash_state(void)
{
	const unsigned char *memory = scenario->memory;
	uint64_t hash = 1, word;
	size_t at;
	int i;

	for (at = 0; at < scenario->size; at += sizeof(word)) {
		word = 0;
		memcpy(&word, memory + at, scenario->size - at < sizeof(word) ?
		    scenario->size - at : sizeof(word));
		hash = mix(hash, word);
	}
	for (i = 0; i < count; i++)
		hash = mix(hash, threads[i].seen);
	return hash == 0 ? 1 : hash;
}

/* The entry of a state, or the one where it would be. */
static struct known *
find(uint64_t hash)
{
	size_t i = hash % TABLE;

	while (table[i].hash != 0 && table[i].hash != hash)
		i = (i + 1) % TABLE;
	return &table[i];
}

static bool
stands_still(int i)
{
	const struct thread *last = &threads[count - 1];

	return i + 1 == scenario->interrupted && last->seen != 0 &&
	    !last->ended;
}

static unsigned int
enabled(void)
{
	unsigned int mask = 0;
	int i;

	for (i = 0; i < count; i++)
		if (!threads[i].ended && !stands_still(i) &&
		    (threads[i].ready == NULL ||
		    threads[i].ready(threads[i].object)))
			mask |= 1U << i;
	return mask;
}

static int
lowest(unsigned int mask)
{
	int i = 0;

	while (!(mask & 1U << i))
		i++;
	return i;
}

/* The thread that goes on, or NOBODY if the run ends here. */
static int
choose(void)
{
	unsigned int mask = enabled();
	const struct known *known;
	struct choice *choice;

	orders = 1;
	if (mask == 0)
		return NOBODY;
	if ((mask & (mask - 1)) == 0)
		return lowest(mask);
	if (replayed < depth)
		return choices[replayed++].chosen;
	known = find(hash_state());
	if (known->hash != 0) {
		orders = known->orders;
		return NOBODY;
	}
	choice = &choices[depth++];
	replayed = depth;
	choice->hash = hash_state();
	choice->orders = 0;
	choice->left = mask;
	choice->chosen = running != NOBODY && mask & 1U << running ? running :
	    lowest(mask);
	return choice->chosen;
}

/* Goes on with the thread that is chosen. */
static void
go_on(ucontext_t *from)
{
	int next = choose();

	if (next == running && next != NOBODY)
		return;
	running = next;
	swapcontext(from, next == NOBODY ? &scheduler :
	    &threads[next].context);
}

static void
run_thread(void)
{
	struct thread *self = &threads[running];

	self->seen = mix(self->seen, 1);
	scenario->threads[running]();
	self->ended = true;
	self->ready = NULL;
	go_on(&self->context);
}

void
explore_block(const char *name, const void *object,
    bool (*ready)(const void *object))
{
	struct thread *self;

	if (running == NOBODY) {
		if (ready != NULL && !ready(object))
			explore_fail("a step after the end is blocked");
		return;
	}
	self = &threads[running];
	self->name = name;
	self->object = object;
	self->ready = ready;
	go_on(&self->context);
	self->ready = NULL;
	self->name = NULL;
	self->seen = mix(self->seen, 2);
	if (nsteps == MOST_STEPS)
		explore_fail("the threads come to no end");
	else
		steps[nsteps++] = (struct step){ running, name, object };
}

void
explore_step(const char *name, const void *object)
{
	explore_block(name, object, NULL);
}

void
explore_note(uintptr_t value)
{
	if (running != NOBODY)
		threads[running].seen = mix(threads[running].seen, value);
}

void
explore_fail(const char *what)
{
	struct thread *self;

	if (failure == NULL)
		failure = what;
	if (running == NOBODY)
		return;
	self = &threads[running];
	running = NOBODY;
	swapcontext(&self->context, &scheduler);
}

const char *
explore_blocked(int i)
{
	return threads[i].ended ? NULL : threads[i].name;
}

static void
print_steps(void)
{
	int i = nsteps > PRINTED ? nsteps - PRINTED : 0;

	printf("%s, after these steps:\n", failure);
	for (; i < nsteps; i++)
		printf("\tthread %d: %s %p\n", steps[i].thread, steps[i].name,
		    steps[i].object);
}

static void
run(void)
{
	int i;

	scenario->begin();
	memset(threads, 0, sizeof(threads));
	for (i = 0; i < count; i++) {
		getcontext(&threads[i].context);
		threads[i].context.uc_stack.ss_sp = stacks[i];
		threads[i].context.uc_stack.ss_size = STACK;
		makecontext(&threads[i].context, run_thread, 0);
	}
	nsteps = replayed = 0;
	running = NOBODY;
	go_on(&scheduler);
	if (enabled() == 0 && failure == NULL)
		scenario->end();
}

/* Counts the run, and goes back to the last choice that has another way. */
static bool
go_back(void)
{
	struct known *known;
	struct choice *choice;

	while (depth > 0) {
		choice = &choices[depth - 1];
		choice->orders += orders;
		choice->left &= ~(1U << choice->chosen);
		if (choice->left != 0) {
			choice->chosen = lowest(choice->left);
			return true;
		}
		known = find(choice->hash);
		known->hash = choice->hash;
		known->orders = orders = choice->orders;
		if (++states == TABLE / 2)
			explore_fail("there are too many states");
		depth--;
	}
	return false;
}

struct exploration
explore(const struct scenario *the_scenario)
{
	scenario = the_scenario;
	for (count = 0; count < MOST_THREADS &&
	    scenario->threads[count] != NULL; count++)
		continue;
	memset(table, 0, sizeof(table));
	depth = 0;
	states = 0;
	failure = NULL;
	do
		run();
	while (failure == NULL && go_back());
	if (failure != NULL)
		print_steps();
	return (struct exploration){ orders, states, failure };
}
