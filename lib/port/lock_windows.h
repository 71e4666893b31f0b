/* SPDX-License-Identifier: MIT */
/* The lock of lock.h by slim reader/writer locks: Windows 6.0. */
#ifndef CMIO_PORT_LOCK_WINDOWS_H
#define CMIO_PORT_LOCK_WINDOWS_H

#include <winsock2.h>
#include <windows.h>

struct lock {
	SRWLOCK	lock;
};

/* Returns 0 or a negative errno number. */
static inline int
cmio__lock_init(struct lock *lock)
{
	InitializeSRWLock(&lock->lock);
	return 0;
}

/* There is nothing to give back. */
static inline void
cmio__lock_destroy(struct lock *lock)
{
	(void)lock;
}

static inline void
cmio__lock(struct lock *lock)
{
	AcquireSRWLockExclusive(&lock->lock);
}

static inline void
cmio__unlock(struct lock *lock)
{
	ReleaseSRWLockExclusive(&lock->lock);
}

#endif
