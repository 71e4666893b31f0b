/* SPDX-License-Identifier: MIT */
/*
 * cmio/waker.h: wake a thread in cmio_poll_wait(), from any thread.
 */
#ifndef CMIO_WAKER_H
#define CMIO_WAKER_H

#include <cmio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Opaque.  It keeps its poll alive; free the two in any order. */
struct cmio_waker;

struct cmio_waker *CMIO_CALL cmio_waker_new(struct cmio_poll *poll,
	    uintptr_t token);
int	 CMIO_CALL cmio_waker_wake(struct cmio_waker *waker);
void	 CMIO_CALL cmio_waker_free(struct cmio_waker *waker);

#ifdef __cplusplus
}
#endif

#endif
