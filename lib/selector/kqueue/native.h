/* SPDX-License-Identifier: MIT */
/*
 * This system's <sys/event.h>, with a value for each constant that only some
 * systems define.
 */
#ifndef CMIO_KQUEUE_NATIVE_H
#define CMIO_KQUEUE_NATIVE_H

#include <sys/types.h>
#include <sys/event.h>

#include "selector/kqueue/bits.h"

#ifdef EVFILT_USER
#define KQ_USER_FILTER		EVFILT_USER
#define KQ_USER_TRIGGER		NOTE_TRIGGER
#else
#define KQ_USER_FILTER		KQ_NO_FILTER
#define KQ_USER_TRIGGER		0
#endif

/* FreeBSD and NetBSD have no filter for out-of-band data. */
#if defined(EVFILT_EXCEPT) && defined(NOTE_OOB)
#define KQ_EXCEPT_FILTER	EVFILT_EXCEPT
#define KQ_EXCEPT_OOB		NOTE_OOB
#else
#define KQ_EXCEPT_FILTER	KQ_NO_FILTER
#define KQ_EXCEPT_OOB		0
#endif

/* Most kernels would replace the udata of whatever an entry names. */
#ifdef EV_KEEPUDATA
#define KQ_KEEP_UDATA		EV_KEEPUDATA
#else
#define KQ_KEEP_UDATA		0
#endif

#ifdef EVFILT_AIO
#define KQ_AIO_FILTER		EVFILT_AIO
#define KQ_AIO			CMIO_AIO
#else
#define KQ_AIO_FILTER		KQ_NO_FILTER
#define KQ_AIO			0
#endif

#ifdef EVFILT_LIO
#define KQ_LIO_FILTER		EVFILT_LIO
#define KQ_LIO			CMIO_LIO
#else
#define KQ_LIO_FILTER		KQ_NO_FILTER
#define KQ_LIO			0
#endif

/* The numbers above, for kqueue/bits.h. */
extern const struct kq_names cmio__kq_names;

#endif
