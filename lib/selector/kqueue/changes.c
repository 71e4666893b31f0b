/* SPDX-License-Identifier: MIT */
/* The changes of kqueue/changes.h. */
#include "config.h"

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "selector/kqueue/bits.h"
#include "selector/kqueue/changes.h"
#include "selector/kqueue/native.h"

/* The most changes of one system call: a step's. */
enum { CHANGES = 2 * KQ_FILTERS };

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

/* The filter of the set that is the surest sign of the file, or 0. */
static unsigned int
marker_of(unsigned int filters)
{
	filters &= ~(unsigned int)KQ_ENDED;
	return filters & -filters;
}

/*
 * Whether a filter may be missing though the descriptor is the same file:
 * FreeBSD removes the filter for writing to a pipe when the reader has closed,
 * and every filter of a device that has gone.
 */
static bool
may_be_missing(int fd, unsigned int filter)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISCHR(st.st_mode) ||
	    (S_ISFIFO(st.st_mode) && filter != KQ_READ));
}

/*
 * There is no call that asks only.  To enable what is enabled, or to disable
 * what is disabled, changes nothing; FreeBSD and macOS take the rest of the
 * entry over, so it must be as it was.
 */
bool
cmio__kq_is_there(int kq, int fd, uintptr_t udata, unsigned int filters,
    unsigned int set)
{
	unsigned int marker = marker_of(filters);
	struct kq_change change;
	int error = 0;

	if (marker == 0)
		return false;
	cmio__kq_additions(names, marker, set, &change);
	change.flags = names->receipt | names->keep_udata |
	    (set & KQ_FIRED ? names->disable : names->enable);
	return cmio__kq_submit(kq, fd, udata, &change, 1, &error) == 0 &&
	    error == 0;
}

/*
 * Adds the user event KQ_ENDED, which reports "write closed" for a pipe that
 * had no reader when it was added, if the kernel has refused both filters.
 */
static void
add_ended(int kq, int fd, const struct kq_step *step, unsigned int *added)
{
	struct kq_change changes[3];
	int errors[3];

	cmio__kq_changes(names, KQ_ENDED, names->remove, changes);
	cmio__kq_additions(names, KQ_ENDED, step->set, changes + 1);
	changes[2] = cmio__kq_ending(names);
	if (names->user == KQ_NO_FILTER || cmio__kq_submit(kq, fd,
	    step->udata, changes, 3, errors) != 0 || errors[1] != 0)
		*added &= ~(unsigned int)KQ_ENDED;
}

/*
 * For the writing end of a pipe that has no reader, NetBSD says EBADF, as
 * for a closed descriptor, and FreeBSD says EPIPE.
 */
static int
write_error(int fd, int error)
{
	struct stat st;

	if (error == EBADF && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
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
	unsigned int marker = marker_of(step->gone);
	struct kq_change changes[CHANGES];
	int errors[CHANGES], refused[KQ_FILTERS] = { 0 };
	int gone, n, rc;

	gone = cmio__kq_changes(names, step->gone, names->remove, changes);
	n = gone + cmio__kq_additions(names, step->filters, step->set,
	    changes + gone);
	rc = cmio__kq_submit(kq, fd, step->udata, changes, n, errors);
	if (rc != 0)
		return rc;
	sort_errors(fd, step->filters, errors + gone, refused);
	/* The marker is the lowest bit, and so the first change. */
	if (marker != 0 && errors[0] == ENOENT && !may_be_missing(fd, marker))
		rc = -ENOENT;
	else
		rc = cmio__kq_added(step->filters, step->others, refused,
		    added);
	if (rc != 0)
		cmio__kq_act(kq, fd, step->filters, names->remove);
	else if (*added & KQ_ENDED)
		add_ended(kq, fd, step, added);
	return rc;
}
