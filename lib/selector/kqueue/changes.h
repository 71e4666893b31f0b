/* SPDX-License-Identifier: MIT */
/*
 * Changes to the filters of one descriptor, as kevent(2) makes them.  The
 * lock of the poll is held.
 */
#ifndef CMIO_KQUEUE_CHANGES_H
#define CMIO_KQUEUE_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/kqueue/bits.h"

/*
 * Makes n changes.  A change that fails does not stop the others: errors[i]
 * is the error of change i, or 0.  Returns 0 or a negative errno number.
 */
int	cmio__kq_submit(int kq, int fd, uintptr_t udata,
	    const struct kq_change *changes, int n, int *errors);

/* Does one action to each filter of a set; a missing filter is no error. */
void	cmio__kq_act(int kq, int fd, unsigned int filters, uint32_t action);

/*
 * Whether the descriptor is still the file that these filters were added to.
 * Nothing changes.  udata and set are those that the filters were added with.
 */
bool	cmio__kq_is_there(int kq, int fd, uintptr_t udata,
	    unsigned int filters, unsigned int set);

/*
 * Removes and adds filters of a source.  If filters are removed and are not
 * there although the kernel cannot have removed them, the descriptor is
 * another file by now, and the step fails with -ENOENT.
 */
struct kq_step {
	unsigned int	gone;
	unsigned int	filters;	/* to add */
	unsigned int	others;		/* stay beside these */
	unsigned int	set;
	uintptr_t	udata;
};

/*
 * Takes a step.  *added is then which of step->filters the kernel has, or
 * KQ_ENDED for one of them; if the step fails, it has none of them.
 */
int	cmio__kq_take(int kq, int fd, const struct kq_step *step,
	    unsigned int *added);

#endif
