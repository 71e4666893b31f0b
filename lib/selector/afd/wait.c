/* SPDX-License-Identifier: MIT */
/*
 * One turn of the wait: asks what was noted, sleeps once at the completion
 * port, and makes events of what has come.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "selector/afd/afd.h"

/* In nanoseconds: only a kernel that fails takes so long. */
#define AT_ONCE	INT64_C(100000000)

/*
 * A question that was recalled comes back at once, but by way of the thread
 * that asked it: a look waits for it.
 */
static int
receive(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	cmio__lock(&afd->base.lock);
	afd->renewed = false;
	if (timeout == 0 && afd->recalled > 0)
		timeout = AT_ONCE;
	cmio__unlock(&afd->base.lock);
	return cmio__afd_receive(afd, events, nevents, timeout);
}

/*
 * If a question could not be asked, the next wait tries again.  The program
 * gets what has come all the same.
 */
static int
wait_once(struct afd *afd, struct cmio_event *events, int nevents,
    int64_t timeout)
{
	int failed, rc;

	cmio__lock(&afd->base.lock);
	failed = cmio__afd_flush(afd);
	cmio__unlock(&afd->base.lock);
	rc = receive(afd, events, nevents, failed == 0 ? timeout : 0);
	return rc == 0 && failed != 0 ? failed : rc;
}

/* Whether a question that was asked anew, or is to be, has no answer yet. */
static bool
is_owed(struct afd *afd)
{
	bool owed;

	cmio__lock(&afd->base.lock);
	owed = afd->renewed || afd->recalled > 0;
	cmio__unlock(&afd->base.lock);
	return owed;
}

/*
 * If a source was reregistered while its question was in flight, the question
 * is recalled and asked anew.  The answer belongs to this wait, as on other
 * selectors, also if something else has ended it.
 */
static int
look_again(struct afd *afd, struct cmio_event *events, int nevents, int rc)
{
	int n, count = rc == WOKEN ? 0 : rc;

	while (count < nevents && is_owed(afd)) {
		n = receive(afd, events + count, nevents - count, 0);
		if (n > 0)
			count += n;
		else if (n != WOKEN)
			break;
	}
	return count > 0 ? count : rc;
}

static bool
begin(struct afd *afd)
{
	bool first;

	cmio__lock(&afd->base.lock);
	first = !afd->waiting;
	afd->waiting = true;
	cmio__unlock(&afd->base.lock);
	return first;
}

static void
end(struct afd *afd)
{
	cmio__lock(&afd->base.lock);
	afd->waiting = false;
	cmio__unlock(&afd->base.lock);
}

int
cmio__afd_wait(struct cmio_poll *poll, struct cmio_event *events,
    int nevents, int64_t timeout)
{
	struct afd *afd = (struct afd *)poll;
	int rc;

	if (!begin(afd))
		return -EBUSY;
	rc = wait_once(afd, events, nevents, timeout);
	if (rc > 0 || rc == WOKEN)
		rc = look_again(afd, events, nevents, rc);
	end(afd);
	return rc;
}
