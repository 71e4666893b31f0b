/* SPDX-License-Identifier: MIT */
/* Scenarios of libcmio, in which every system call fails in turn. */
#include "faults.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cmio/net.h>
#include <cmio/waker.h>

void
run_poll(void)
{
	struct cmio_source ends[2] = { none, none };
	struct cmio_poll *poll = NULL;
	struct cmio_event event;
	char buf[4] = "abc";
	struct iovec iov = { .iov_base = buf, .iov_len = 1 };

	TRY((poll = cmio_poll_new(selector)) != NULL);
	OK(cmio_pipe(&ends[0], &ends[1]));
	OK(cmio_register(poll, &ends[0], 1, CMIO_READABLE));
	OK(cmio_poll_wait(poll, &event, 1, 1000));
	OK(cmio_poll_wait(poll, &event, 1, 2000000));
	OK(cmio_writev(&ends[1], &iov, 1));
	TRY(sees(poll, 1, CMIO_READABLE));
	OK(cmio_read(&ends[0], buf, sizeof(buf)));
	OK(cmio_reregister(poll, &ends[0], 2, CMIO_READABLE));
	OK(cmio_write(&ends[1], "x", 1));
	TRY(sees(poll, 2, CMIO_READABLE));
	OK(cmio_deregister(poll, &ends[0]));
	OK(cmio_register(poll, &ends[0], 3, CMIO_READABLE | CMIO_EXCLUSIVE));
	OK(cmio_reregister(poll, &ends[0], 4, CMIO_READABLE |
	    CMIO_EXCLUSIVE));
	TRY(sees(poll, 4, CMIO_READABLE));
	OK(cmio_set_nonblocking(&ends[0], 0));
	OK(cmio_set_nonblocking(&ends[0], 1));
	OK(cmio_close(&ends[0]));
end:
	fault.on = false;
	cmio_close(&ends[0]);
	cmio_close(&ends[1]);
	cmio_poll_unref(poll);
}

/* More than the initial size of every array. */
void
run_many(void)
{
	enum { MANY = 40 };
	struct cmio_source sources[MANY];
	struct cmio_poll *poll = NULL;
	int i;

	for (i = 0; i < MANY; i++)
		sources[i] = none;
	TRY((poll = cmio_poll_new(selector)) != NULL);
	for (i = 0; i < MANY; i += 2) {
		OK(cmio_unix_pair(&sources[i], SOCK_STREAM));
		OK(cmio_register(poll, &sources[i], (uintptr_t)i,
		    CMIO_READABLE));
		OK(cmio_register(poll, &sources[i + 1], (uintptr_t)i + 1,
		    CMIO_READABLE));
	}
	OK(cmio_write(&sources[MANY - 2], "x", 1));
	TRY(sees(poll, MANY - 1, CMIO_READABLE));
end:
	fault.on = false;
	for (i = 0; i < MANY; i++)
		cmio_close(&sources[i]);
	cmio_poll_unref(poll);
}

void
run_waker(void)
{
	struct cmio_user_event user = { 0, { NULL } };
	struct cmio_waker *waker = NULL;
	struct cmio_poll *poll = NULL;
	bool added = false;

	TRY((poll = cmio_poll_new(selector)) != NULL);
	TRY((waker = cmio_waker_new(poll, 7)) != NULL);
	OK(cmio_user_event_add(poll, &user, 8));
	added = true;
	/* The wake is not lost, even if the system call has failed. */
	OK(cmio_waker_wake(waker));
	TRY(sees(poll, 7, CMIO_READABLE));
	OK(cmio_user_event_trigger(&user));
	TRY(sees(poll, 8, CMIO_READABLE));
end:
	fault.on = false;
	if (added)
		cmio_user_event_remove(&user);
	cmio_waker_free(waker);
	cmio_poll_unref(poll);
}
