/* SPDX-License-Identifier: MIT */
/* The translation of kqueue/bits.h. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/kqueue/bits.h"

unsigned int
cmio__kq_filters(const struct kq_names *names, unsigned int interest)
{
	unsigned int filters = 0;

	if (interest & (CMIO_READABLE | CMIO_PRIORITY))
		filters |= KQ_READ;
	if (interest & CMIO_WRITABLE)
		filters |= KQ_WRITE;
	if ((interest & CMIO_PRIORITY) && names->except != KQ_NO_FILTER)
		filters |= KQ_EXCEPT;
	return filters;
}

unsigned int
cmio__kq_trigger(unsigned int interest)
{
	unsigned int trigger = KQ_EDGE;

	if (interest & CMIO_ONESHOT)
		trigger = KQ_ONESHOT;
	else if (interest & CMIO_LEVEL)
		trigger = KQ_LEVEL;
	if ((interest & CMIO_PRIORITY) && (interest & CMIO_READABLE) == 0)
		trigger |= KQ_HANGUP;
	return trigger;
}

/* The filter of bit i. */
static kq_filter
filter_of(const struct kq_names *names, int i)
{
	const kq_filter filters[KQ_FILTERS] = {
		names->read, names->write, names->except, names->user
	};

	return filters[i];
}

int
cmio__kq_changes(const struct kq_names *names, unsigned int filters,
    uint32_t action, struct kq_change *changes)
{
	int i, n = 0;

	for (i = 0; i < KQ_FILTERS; i++)
		if (filters & 1u << i)
			changes[n++] = (struct kq_change){
				.filter = filter_of(names, i),
				.flags = action | names->receipt,
				.fflags = 1u << i == KQ_EXCEPT ?
				    names->oob : 0,
			};
	return n;
}

static uint32_t
add_flags(const struct kq_names *names, unsigned int trigger)
{
	switch (trigger & KQ_MODE) {
	case KQ_ONESHOT:
		return names->add | names->dispatch;
	case KQ_LEVEL:
		return names->add;
	default:
		return names->add | names->clear;
	}
}

int
cmio__kq_additions(const struct kq_names *names, unsigned int filters,
    unsigned int trigger, struct kq_change *changes)
{
	int n;

	n = cmio__kq_changes(names, filters, add_flags(names, trigger),
	    changes);
	/* No socket holds as much data as this. */
	if ((filters & KQ_READ) && (trigger & KQ_HANGUP)) {
		changes[0].fflags = names->lowat;
		changes[0].data = INT32_MAX;
	}
	return n;
}

struct kq_change
cmio__kq_ending(const struct kq_names *names)
{
	return (struct kq_change){
		.filter = names->user,
		.flags = names->receipt,
		.fflags = names->trigger,
	};
}

/*
 * The errors for a filter that a kind of file does not have: FreeBSD has
 * ENODEV for some devices, OpenBSD EOPNOTSUPP, and each has EINVAL.
 */
static bool
is_no_such_filter(int error)
{
	return error == EINVAL || error == ENODEV || error == EPERM ||
	    error == EOPNOTSUPP || error == ENOTSUP;
}

int
cmio__kq_added(unsigned int filters, const int *refused, unsigned int *added)
{
	unsigned int got = filters;
	int i;

	for (i = 0; i < KQ_FILTERS; i++) {
		if ((filters & 1u << i) == 0 || refused[i] == 0)
			continue;
		got &= ~(1u << i);
		if (1u << i == KQ_WRITE && refused[i] == EPIPE)
			got |= KQ_ENDED;
		else if (!is_no_such_filter(refused[i]))
			return -refused[i];
	}
	/* Most files have no out-of-band data: that is no error. */
	if ((filters & (KQ_READ | KQ_WRITE)) != 0 && got == 0)
		return -EPERM;
	*added = got;
	return 0;
}

/* With EOF, fflags of READ and WRITE is the socket's error. */
static uint32_t
ended(const struct kq_names *names, uint32_t flags, uint32_t fflags,
    uint32_t closed)
{
	if (flags & names->eof)
		return fflags != 0 ? closed | CMIO_ERROR : closed;
	return flags & names->error ? CMIO_ERROR : 0;
}

uint32_t
cmio__kq_ready(const struct kq_names *names, kq_filter filter,
    uint32_t flags, uint32_t fflags)
{
	if (filter == names->read)
		return CMIO_READABLE |
		    ended(names, flags, fflags, CMIO_READ_CLOSED);
	if (filter == names->write)
		return CMIO_WRITABLE |
		    ended(names, flags, fflags, CMIO_WRITE_CLOSED);
	if (filter == names->user)
		return CMIO_WRITABLE | CMIO_WRITE_CLOSED;
	if (filter == names->except)
		return CMIO_PRIORITY | CMIO_READABLE |
		    ended(names, flags, 0, CMIO_READ_CLOSED);
	if (filter == names->aio)
		return CMIO_AIO;
	if (filter == names->lio)
		return CMIO_LIO;
	return 0;
}
