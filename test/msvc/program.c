/* SPDX-License-Identifier: MIT */
/*
 * A program of Visual C++'s ABI without a C runtime of its own: it is linked
 * against the import libraries, and learns of errors by cmio_errno().
 * Returns 0, or the line of what failed.
 */
#include <cmio.h>
#include <cmio/net.h>
#include <cmio/waker.h>

enum { UCRT_EINVAL = 22, UCRT_EAGAIN = 11 };
#define WANT(condition)	do if (!(condition)) return __LINE__; while (0)

int
start(void)
{
	struct cmio_source reader, writer;
	struct cmio_event event;
	struct cmio_poll *poll;
	char buf[8];

	WANT(cmio_poll_wait(NULL, &event, 1, 0) == -1 &&
	    cmio_errno() == UCRT_EINVAL);
	poll = cmio_poll_new(NULL);
	WANT(poll != NULL);
	WANT(cmio_poll_wait(poll, &event, 1, 1000000) == 0);
	WANT(cmio_pipe(&reader, &writer) == 0);
	WANT(cmio_register(poll, &reader, 7, CMIO_READABLE) == 0);
	WANT(cmio_register(poll, &writer, 8, CMIO_WRITABLE) == 0);
	WANT(cmio_poll_wait(poll, &event, 1, -1) == 1 && event.token == 8);
	WANT(cmio_read(&reader, buf, sizeof(buf)) == -1 &&
	    cmio_errno() == UCRT_EAGAIN);
	WANT(cmio_write(&writer, "hello", 5) == 5);
	do
		WANT(cmio_poll_wait(poll, &event, 1, -1) == 1);
	while (event.token != 7);
	WANT(event.ready == CMIO_READABLE);
	WANT(cmio_read(&reader, buf, sizeof(buf)) == 5);
	WANT(cmio_close(&writer) == 0 && cmio_close(&reader) == 0);
	cmio_poll_unref(poll);
	return 0;
}
