/* SPDX-License-Identifier: MIT */
/*
 * Changes to the filters of one descriptor, as kevent(2) makes them.
 */
#ifndef CMIO_KQUEUE_CHANGES_H
#define CMIO_KQUEUE_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/kqueue/bits.h"

/*
 * Makes n changes.  A change that fails does not stop the others: errors[i]
 * is the error of change i, or 0.
 */
int	cmio__kq_submit(int kq, int fd, uintptr_t udata,
	    const struct kq_change *changes, int n, int *errors);

/* Does one action to each filter of a set; a missing filter is no error. */
void	cmio__kq_act(int kq, int fd, unsigned int filters, uint32_t action);

/*
 * One change of a source's filters: some must exist, some are removed, some
 * are added or added again.  If sure is set, the lowest filter of there, or
 * without any the lowest of gone, must exist: if not, the descriptor is
 * another file by now, and the step fails with -ENOENT.
 */
struct kq_step {
	bool		sure;
	unsigned int	there;
	unsigned int	gone;
	unsigned int	filters;
	unsigned int	trigger;
	uintptr_t	udata;
};

/*
 * Takes a step.  *added is then which of step->filters the kernel has; if
 * the step fails, it has none of them.
 */
int	cmio__kq_take(int kq, int fd, const struct kq_step *step,
	    unsigned int *added);

#endif
