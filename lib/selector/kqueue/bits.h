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
	uint32_t	eof, error;
	uint32_t	lowat;		/* for read */
	uint32_t	oob;		/* for except */
	uint32_t	trigger;	/* for user */
};

/*
 * The filters of a source.  KQ_ENDED is a user event in the place of a
 * filter for writing, see cmio__kq_added().
 */
enum {
	KQ_READ		= 0x1,
	KQ_WRITE	= 0x2,
	KQ_EXCEPT	= 0x4,
	KQ_ENDED	= 0x8,
	KQ_FILTERS	= 4,
	KQ_ALL		= 0xf
};

/*
 * How filters are added: by one of the first three, with KQ_HANGUP if the
 * filter for reading is there for the hang-up only.  A source that is
 * registered for priority alone has such a filter.
 */
enum { KQ_EDGE, KQ_LEVEL, KQ_ONESHOT, KQ_MODE = 3, KQ_HANGUP = 4 };

/* One entry of a change list, without descriptor and udata. */
struct kq_change {
	kq_filter	filter;
	uint32_t	flags;
	uint32_t	fflags;
	int32_t		data;
};

unsigned int	cmio__kq_filters(const struct kq_names *names,
		    unsigned int interest);
unsigned int	cmio__kq_trigger(unsigned int interest);

/*
 * One change for each filter of a set, lowest bit first; returns their
 * number, KQ_FILTERS at most.
 */
int		cmio__kq_changes(const struct kq_names *names,
		    unsigned int filters, uint32_t action,
		    struct kq_change *changes);

/* The same, to add them. */
int		cmio__kq_additions(const struct kq_names *names,
		    unsigned int filters, unsigned int trigger,
		    struct kq_change *changes);

/* The change that triggers a KQ_ENDED that was added. */
struct kq_change cmio__kq_ending(const struct kq_names *names);

/*
 * The result of an attempt to add the filters of a set; refused[i] is the
 * error of bit i, or 0.  Returns 0, with the filters that the kernel has now
 * in *added, or a negative errno number.
 *
 * A kernel may refuse a pipe without a reader with EPIPE: *added then has
 * KQ_ENDED in place of KQ_WRITE, and the caller must trigger it.  A filter
 * that this kind of file does not have could never fire: it is left out,
 * unless none would remain.
 */
int		cmio__kq_added(unsigned int filters, const int *refused,
		    unsigned int *added);

/* The readiness that an event stands for. */
uint32_t	cmio__kq_ready(const struct kq_names *names, kq_filter filter,
		    uint32_t flags, uint32_t fflags);

#endif
