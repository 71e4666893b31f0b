/* SPDX-License-Identifier: MIT */
/*
 * Failures of system calls, and acts just before the system's wait, in
 * programs that are linked with the calls of calls.h.
 */
#ifndef TEST_INJECT_H
#define TEST_INJECT_H

#include <stdbool.h>

#include "calls.h"

/* Called once, by the thread that is about to wait. */
extern void	(*_Atomic before_wait)(void);

/* What a call fails with, once. */
extern int	errors[CALL_COUNT];

/* The call by which a selector waits. */
enum call wait_call(int selector);

bool	is_epoll(int selector);

#endif
