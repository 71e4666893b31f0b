/* SPDX-License-Identifier: MIT */
/* The changes of kqueue/changes.h. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/native.h"
#include "selector/pollable.h"

/* The most changes of one system call: a step's. */
enum { CHANGES = 2 * KQ_FILTERS + 1 };

static const struct kq_names *const names = &cmio__kq_names;

/*
 * EV_RECEIPT makes the kernel answer each change.  The list has room for the
 * answers only, so the kernel adds no events to them.
 */
int
cmio__kq_submit(int kq, int fd, uintptr_t udata,
    const struct kq_change *changes, int n, int *errors)
{
	const struct timespec now = { 0 };
	struct kevent list[CHANGES];
	int i, got;

	for (i = 0; i < n; i++)
		EV_SET(&list[i], (uintptr_t)fd, changes[i].filter,
		    changes[i].flags, changes[i].fflags, changes[i].data,
		    (CMIO_KEVENT_UDATA)udata);
	do
		got = n == 0 ? 0 : kevent(kq, list, n, list, n, &now);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return -errno;
	for (i = 0; i < n; i++)
		errors[i] = i < got && (list[i].flags & EV_ERROR) != 0 ?
		    (int)list[i].data : 0;
	return 0;
}

void
cmio__kq_act(int kq, int fd, unsigned int filters, uint32_t action)
{
	struct kq_change changes[KQ_FILTERS];
	int errors[KQ_FILTERS];

	cmio__kq_submit(kq, fd, 0, changes,
	    cmio__kq_changes(names, filters, action, changes), errors);
}

/*
 * Adds the user event KQ_ENDED, which reports "write closed" for a pipe that
 * had no reader when it was added.  FreeBSD, NetBSD and macOS refuse to watch
 * the writing end of such a pipe, and its state is final.
 */
static void
add_ended(int kq, int fd, const struct kq_step *step, unsigned int *added)
{
	struct kq_change changes[2];
	int errors[2];

	cmio__kq_additions(names, KQ_ENDED, step->trigger, changes);
	changes[1] = cmio__kq_ending(names);
	if (names->user == KQ_NO_FILTER || cmio__kq_submit(kq, fd,
	    step->udata, changes, 2, errors) != 0 || errors[0] != 0)
		*added &= ~(unsigned int)KQ_ENDED;
}

/*
 * For the writing end of a pipe that has no reader, NetBSD says EBADF, as
 * for a closed descriptor, and FreeBSD says EPIPE.
 */
static int
write_error(int fd, int error)
{
	struct pollable file;

	if (error == EBADF && cmio__pollable(fd, &file) == 0 &&
	    file.what == POLLABLE_PIPE)
		return EPIPE;
	return error;
}

/* Sorts the errors of additions, in the order of filters, by filter. */
static void
sort_errors(int fd, unsigned int filters, const int *errors, int *refused)
{
	int i;

	for (i = 0; i < KQ_FILTERS; i++) {
		if ((filters & 1u << i) == 0)
			continue;
		refused[i] = *errors++;
		if (1u << i == KQ_WRITE)
			refused[i] = write_error(fd, refused[i]);
	}
}

int
cmio__kq_take(int kq, int fd, const struct kq_step *step,
    unsigned int *added)
{
	struct kq_change changes[CHANGES];
	int errors[CHANGES], refused[KQ_FILTERS] = { 0 };
	int first, n, rc;

	n = cmio__kq_changes(names, step->there, names->enable, changes);
	n += cmio__kq_changes(names, step->gone, names->remove, changes + n);
	first = n;
	n += cmio__kq_additions(names, step->filters, step->trigger,
	    changes + n);
	rc = cmio__kq_submit(kq, fd, step->udata, changes, n, errors);
	if (rc != 0)
		return rc;
	sort_errors(fd, step->filters, errors + first, refused);
	if (step->sure && errors[0] == ENOENT)
		rc = -ENOENT;
	else
		rc = cmio__kq_added(step->filters, refused, added);
	if (rc != 0)
		cmio__kq_act(kq, fd, step->filters, names->remove);
	else if (*added & KQ_ENDED)
		add_ended(kq, fd, step, added);
	return rc;
}
