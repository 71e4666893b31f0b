/* SPDX-License-Identifier: MIT */
/*
 * A thread pool: threads do work that blocks, such as getaddrinfo(3), and
 * report by a waker.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include <cmio/waker.h>

enum { THREADS = 4, JOBS = 100 };

struct job {
	struct job	*next;
	int		 number, result;
};

struct queue {
	struct job	*first;
	int		 closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct queue todo, done;
static struct cmio_waker *waker;

/* Waits for a job; NULL: there will be no more. */
static struct job *
take_job(void)
{
	struct job *job;

	pthread_mutex_lock(&lock);
	while (todo.first == NULL && !todo.closed)
		pthread_cond_wait(&more, &lock);
	job = todo.first;
	if (job != NULL)
		todo.first = job->next;
	pthread_mutex_unlock(&lock);
	return job;
}

static void
put(struct queue *queue, struct job *job)
{
	pthread_mutex_lock(&lock);
	job->next = queue->first;
	queue->first = job;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

static void *
work(void *arg)
{
	struct job *job;

	while ((job = take_job()) != NULL) {
		job->result = job->number * job->number;	/* slowly */
		put(&done, job);
		cmio_waker_wake(waker);
	}
	return arg;
}

/* Several wakes may be one event: take all that is done. */
static struct job *
take_done(void)
{
	struct job *jobs;

	pthread_mutex_lock(&lock);
	jobs = done.first;
	done.first = NULL;
	pthread_mutex_unlock(&lock);
	return jobs;
}

static void
stop_threads(pthread_t *threads)
{
	int i;

	pthread_mutex_lock(&lock);
	todo.closed = 1;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int
main(void)
{
	static struct job jobs[JOBS];
	struct cmio_event events[16];
	struct cmio_poll *poll = cmio_poll_new(NULL);
	struct job *job;
	pthread_t threads[THREADS];
	int i, left = JOBS, sum = 0;

	if (poll == NULL || (waker = cmio_waker_new(poll, 1)) == NULL)
		err(1, "cmio_waker_new");
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			errx(1, "pthread_create");
	for (i = 0; i < JOBS; i++) {
		jobs[i].number = i;
		put(&todo, &jobs[i]);
	}
	while (left > 0) {
		if (cmio_poll_wait(poll, events, 16, -1) == -1 &&
		    errno != EINTR)
			err(1, "cmio_poll_wait");
		for (job = take_done(); job != NULL; job = job->next) {
			sum += job->result;
			left--;
		}
	}
	stop_threads(threads);		/* before the waker is freed */
	printf("sum of squares: %d\n", sum);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
	return sum != 328350;
}
