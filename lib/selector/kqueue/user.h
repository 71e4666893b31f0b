/* SPDX-License-Identifier: MIT */
/*
 * One event of EVFILT_USER, to end another thread's kevent(2).
 */
#ifndef CMIO_KQUEUE_USER_H
#define CMIO_KQUEUE_USER_H

#include <stdint.h>

/* Its number, which no descriptor has. */
#define KQ_WAKE		UINTPTR_MAX

/*
 * Each returns 0 or a negative errno number: EINVAL if this kernel has no
 * such filter.
 */
int	cmio__kq_user_on(int kq);
int	cmio__kq_user_off(int kq);

/* May run in a signal handler; leaves errno alone. */
int	cmio__kq_user_wake(int kq);

#endif
