/* SPDX-License-Identifier: MIT */
/*
 * What kqueue is asked for a source, and what its answers mean: functions of
 * their arguments alone.  They see no <sys/event.h>: the numbers of a kernel
 * come in a structure, so that those of every kernel can be tested on any.
 */
#ifndef CMIO_KQUEUE_BITS_H
#define CMIO_KQUEUE_BITS_H

#include <stdint.h>

/* Wider than the type of any kernel's. */
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
 * How filters are added: one of the first three, and KQ_HANGUP where the
 * filter for reading is there for the hang-up only, as a source that is
 * registered for priority alone is told of that.
 */
enum { KQ_EDGE, KQ_LEVEL, KQ_ONCE, KQ_MODE = 3, KQ_HANGUP = 4 };

/* One entry of a change list, but for what is the source's own. */
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

/* The one that triggers a KQ_ENDED that was added. */
struct kq_change cmio__kq_ending(const struct kq_names *names);

/*
 * Judges an attempt to add the filters of a set; refused[i] is the error of
 * bit i, 0 for none.  Returns 0, and which filters there are now in *added,
 * or a negative errno number.
 *
 * A pipe that nobody reads may be refused as EPIPE: then *added has KQ_ENDED
 * for KQ_WRITE, and the caller is to trigger that.  A filter that is unknown
 * for this kind of file never fires: it is left out, unless none remains.
 */
int		cmio__kq_added(unsigned int filters, const int *refused,
		    unsigned int *added);

/* The readiness that an event stands for. */
uint32_t	cmio__kq_ready(const struct kq_names *names, kq_filter filter,
		    uint32_t flags, uint32_t fflags);

#endif
