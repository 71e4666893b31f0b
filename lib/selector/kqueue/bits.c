/* SPDX-License-Identifier: MIT */
/* The translation of kqueue/bits.h. */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "port/api.h"
#include "selector/kqueue/bits.h"

static unsigned int
trigger_of(unsigned int interest)
{
	if (interest & CMIO_ONESHOT)
		return KQ_ONESHOT;
	return interest & CMIO_LEVEL ? KQ_LEVEL : KQ_EDGE;
}

unsigned int
cmio__kq_set(const struct kq_names *names, unsigned int interest,
    unsigned int fifo)
{
	unsigned int set = trigger_of(interest) | fifo;

	if (interest & CMIO_WRITABLE)
		set |= KQ_WRITE;
	if ((interest & CMIO_WRITABLE) && fifo)
		set |= KQ_WRITER;
	if ((interest & CMIO_PRIORITY) && names->except != KQ_NO_FILTER)
		set |= KQ_EXCEPT;
	if (interest & CMIO_READABLE)
		set |= KQ_READ;
	else if ((interest & CMIO_PRIORITY) || (set & KQ_WRITER))
		set |= KQ_READ | KQ_HANGUP;
	return set;
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
add_flags(const struct kq_names *names, unsigned int set)
{
	switch (set & KQ_MODE) {
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
    unsigned int set, struct kq_change *changes)
{
	int n;

	n = cmio__kq_changes(names, filters, add_flags(names, set), changes);
	/* No socket holds as much data as this. */
	if ((filters & KQ_READ) && (set & KQ_HANGUP)) {
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
cmio__kq_added(unsigned int filters, unsigned int others,
    const int *refused, unsigned int *added)
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
	if ((got | others) & KQ_READ)
		got &= ~(unsigned int)KQ_ENDED;
	/* Most files have no out-of-band data: that is no error. */
	if ((filters & (KQ_READ | KQ_WRITE)) != 0 && (got | others) == 0)
		return -EPERM;
	*added = got;
	return 0;
}

/* What the end of a file means if the filter for reading reports it. */
static uint32_t
read_end(unsigned int set)
{
	const uint32_t read = CMIO_READABLE | CMIO_READ_CLOSED;
	const uint32_t write = CMIO_WRITABLE | CMIO_WRITE_CLOSED;

	if ((set & KQ_WRITER) == 0)
		return read;
	/* The other end of a pipe is closed. */
	return set & KQ_HANGUP ? write : read | write;
}

static uint32_t
read_ready(const struct kq_names *names, unsigned int set, uint32_t flags)
{
	if (flags & names->eof)
		return read_end(set);
	return set & KQ_HANGUP ? 0 : CMIO_READABLE;
}

static uint32_t
write_ready(const struct kq_names *names, uint32_t flags)
{
	return flags & names->eof ? CMIO_WRITABLE | CMIO_WRITE_CLOSED :
	    CMIO_WRITABLE;
}

/* The filter fires at the end of a file too, without out-of-band data. */
static uint32_t
except_ready(const struct kq_names *names, uint32_t flags, uint32_t fflags)
{
	if ((flags & names->eof) == 0)
		return CMIO_PRIORITY | CMIO_READABLE;
	return CMIO_READABLE | CMIO_READ_CLOSED |
	    (fflags & names->oob ? CMIO_PRIORITY : 0);
}

/* With EV_EOF, fflags of READ and WRITE is the socket's error. */
static uint32_t
error_ready(const struct kq_names *names, uint32_t flags, uint32_t fflags)
{
	if (flags & names->eof)
		return fflags != 0 ? CMIO_ERROR : 0;
	return flags & names->error ? CMIO_ERROR : 0;
}

uint32_t
cmio__kq_ready(const struct kq_names *names, unsigned int set,
    kq_filter filter, uint32_t flags, uint32_t fflags)
{
	if (filter == names->read)
		return read_ready(names, set, flags) |
		    error_ready(names, flags, fflags);
	if (filter == names->write)
		return write_ready(names, flags) |
		    error_ready(names, flags, fflags);
	if (filter == names->user)
		return CMIO_WRITABLE | CMIO_WRITE_CLOSED;
	if (filter == names->except)
		return except_ready(names, flags, fflags) |
		    error_ready(names, flags, 0);
	if (filter == names->aio)
		return CMIO_AIO;
	if (filter == names->lio)
		return CMIO_LIO;
	return 0;
}
