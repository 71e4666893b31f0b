/* SPDX-License-Identifier: MIT */
/* The lock of lock.h by POSIX threads. */
#ifndef CMIO_PORT_LOCK_PTHREAD_H
#define CMIO_PORT_LOCK_PTHREAD_H

#include <pthread.h>

struct lock {
	pthread_mutex_t	mutex;
};

/* Returns 0 or a negative errno number. */
static inline int
cmio__lock_init(struct lock *lock)
{
	return -pthread_mutex_init(&lock->mutex, NULL);
}

static inline void
cmio__lock_destroy(struct lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

static inline void
cmio__lock(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
}

static inline void
cmio__unlock(struct lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}

#endif
