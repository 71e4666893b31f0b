/* SPDX-License-Identifier: MIT */
/* The functions of cancel.h by POSIX threads. */
#ifndef CMIO_PORT_CANCEL_PTHREAD_H
#define CMIO_PORT_CANCEL_PTHREAD_H

#include <pthread.h>

static inline int
cmio__cancel_off(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static inline void
cmio__cancel_restore(int before)
{
	int ignored;

	pthread_setcancelstate(before, &ignored);
}

#endif
