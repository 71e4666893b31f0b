/* SPDX-License-Identifier: MIT */
/*
 * The child of net/child.h by a kqueue with EVFILT_PROC.  The filter takes any
 * process, so waitid(2) says whether it is a child.  A process that has ended
 * is refused by some kernels, and a timer then makes the queue readable.
 */
#include "config.h"

#include <sys/types.h>
#include <sys/event.h>
#include <sys/wait.h>

#include <errno.h>

#include "net/child.h"
#include "net/queue.h"
#include "port/close.h"

static int
check(pid_t pid)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG |
	    WNOWAIT) == -1 ? -errno : 0;
}

static int
watch(int queue, pid_t pid)
{
	const struct kevent change = {
		.ident = (uintptr_t)pid,
		.filter = EVFILT_PROC,
		.flags = EV_ADD,
		.fflags = NOTE_EXIT
	};
	int rc;

	rc = cmio__queue_add(queue, &change);
	return rc == -ESRCH ? cmio__queue_add_timer(queue) : rc;
}

int
cmio__child_open(struct cmio_child *child)
{
	int queue, rc;

	rc = check(child->pid);
	if (rc != 0)
		return rc;
	queue = cmio__queue_open();
	if (queue < 0)
		return queue;
	rc = watch(queue, child->pid);
	if (rc != 0) {
		cmio__close_fd(queue);
		return rc;
	}
	child->source.fd = queue;
	return 0;
}

/*
 * The event comes a moment before the process can be reaped, so that this
 * waits for that, and nothing else: WNOHANG would find nothing in one case of
 * ten.
 */
int
cmio__child_wait(const struct cmio_child *child, int *status)
{
	struct kevent event;
	pid_t pid;
	int rc;

	rc = cmio__queue_take(child->source.fd, &event);
	if (rc <= 0)
		return rc == 0 ? -EAGAIN : rc;
	do
		pid = waitpid(child->pid, status, 0);
	while (pid == -1 && errno == EINTR);
	return pid == -1 ? -errno : 0;
}
