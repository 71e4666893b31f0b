/* SPDX-License-Identifier: MIT */
/*
 * Interest as kqueue's filters, and kqueue's events as readiness: pure
 * functions.  They do not include <sys/event.h>.  A kernel's numbers come in
 * a structure, so that the numbers of every kernel can be tested on any.
 */
#ifndef CMIO_KQUEUE_BITS_H
#define CMIO_KQUEUE_BITS_H

#include <stdint.h>

/* Wider than any kernel's type for a filter. */
typedef int64_t kq_filter;
#define KQ_NO_FILTER	INT64_MAX

struct kq_names {
	kq_filter	read, write, except, user, aio, lio;
	uint32_t	add, remove, enable, disable;
	uint32_t	clear, dispatch, receipt;
	uint32_t	keep_udata;	/* 0 if there is no such flag */
	uint32_t	eof, error;
	uint32_t	lowat;		/* for read */
	uint32_t	oob;		/* for except */
	uint32_t	trigger;	/* for user */
};

/* The filters of a source. */
enum {
	KQ_READ		= 0x001,
	KQ_WRITE	= 0x002,
	KQ_EXCEPT	= 0x004,
	KQ_ENDED	= 0x008,	/* a user event: see cmio__kq_added() */
	KQ_FILTERS	= 4,
	KQ_ALL		= 0x00f
};

/*
 * What else there is to know of a source, in one word with its filters.
 *
 * KQ_HANGUP: the filter for reading is there for the hang-up only.  A source
 * that is registered for priority alone has such a filter, and so has each
 * pipe or FIFO that is registered for writing alone: the filter for writing
 * does not report on every kernel that the reader has closed a full pipe, and
 * FreeBSD removes that filter when the reader has closed.  The filter for
 * reading stays until the descriptor itself is closed.
 */
enum {
	KQ_EDGE		= 0x000,	/* the trigger, one of these three */
	KQ_LEVEL	= 0x010,
	KQ_ONESHOT	= 0x020,
	KQ_MODE		= 0x030,
	KQ_HANGUP	= 0x040,
	KQ_FIFO		= 0x080,	/* the file is a pipe or a FIFO */
	KQ_WRITER	= 0x100,	/* that, registered for writing */
	KQ_FIRED	= 0x200		/* a oneshot that is disabled */
};

/* One entry of a change list, without descriptor and udata. */
struct kq_change {
	kq_filter	filter;
	uint32_t	flags;
	uint32_t	fflags;
	int32_t		data;
};

/* The set of a source with this interest; fifo is KQ_FIFO or 0. */
unsigned int	cmio__kq_set(const struct kq_names *names,
		    unsigned int interest, unsigned int fifo);

/*
 * One change for each filter of a set, lowest bit first; returns their
 * number, KQ_FILTERS at most.
 */
int		cmio__kq_changes(const struct kq_names *names,
		    unsigned int filters, uint32_t action,
		    struct kq_change *changes);

/* The same, to add filters of a source that has this set. */
int		cmio__kq_additions(const struct kq_names *names,
		    unsigned int filters, unsigned int set,
		    struct kq_change *changes);

/* The change that triggers a KQ_ENDED that was added. */
struct kq_change cmio__kq_ending(const struct kq_names *names);

/*
 * The result of an attempt to add the filters of a set to a source that has
 * others; refused[i] is the error of bit i, or 0.  Returns 0, with the filters
 * of the set that the kernel has now in *added, or a negative errno number.
 *
 * A kernel may refuse the filter for writing with EPIPE if a pipe has no
 * reader.  A filter for reading reports that; if there is none, *added has
 * KQ_ENDED, and the caller must add and trigger it.  A filter that this kind
 * of file does not have could never fire: it is left out, unless none would
 * remain.
 */
int		cmio__kq_added(unsigned int filters, unsigned int others,
		    const int *refused, unsigned int *added);

/*
 * The readiness that an event of a source with this set stands for; 0 for the
 * set of most sources, that have neither KQ_HANGUP nor KQ_WRITER.  0: none.
 */
uint32_t	cmio__kq_ready(const struct kq_names *names, unsigned int set,
		    kq_filter filter, uint32_t flags, uint32_t fflags);

#endif
