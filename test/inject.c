/* SPDX-License-Identifier: MIT */
/* The injection of inject.h. */
#include "harness.h"

#include <string.h>

#include "inject.h"

void (*_Atomic before_wait)(void);
int errors[CALL_COUNT];

bool
is_epoll(int selector)
{
	return strcmp(selector_name(selector), "epoll") == 0;
}

enum call
wait_call(int selector)
{
	return is_epoll(selector) ? CALL_epoll_wait : CALL_ppoll;
}

static bool
fails_once(enum call call)
{
	if (errors[call] == 0)
		return false;
	errno = errors[call];
	errors[call] = 0;
	return true;
}

bool
call_fails(enum call call)
{
	void (*act)(void) = before_wait;

	if (act != NULL && (call == CALL_epoll_wait || call == CALL_ppoll)) {
		before_wait = (void (*)(void))0;
		act();
	}
	return fails_once(call);
}
