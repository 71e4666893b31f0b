/* SPDX-License-Identifier: MIT */
/*
 * The array that poll(2) reads, and the entry of each source in it.
 *
 * While a thread sleeps in poll(2) the array belongs to the kernel: changes
 * are listed, and made when it is back.  Slot 0 is the poll's own, for the
 * descriptor that wakes it.
 */
#ifndef CMIO_POLL_SET_H
#define CMIO_POLL_SET_H

#include <poll.h>
#include <stdbool.h>

#include "selector/record.h"

struct entry {
	struct record	 record;
	nfds_t		 slot;		/* 0: none */
	struct entry	*next;		/* in the list of changes */
	bool		 listed;
	bool		 leaving;	/* its slot is given up */
	bool		 orphan;	/* freed when it has no slot */
};

struct set {
	struct pollfd	 *fds;
	struct pollfd	 *grown;	/* to be fds next, or NULL */
	struct entry	**entries;	/* by slot */
	nfds_t		  n;		/* slots in use */
	nfds_t		  room;		/* in fds or grown, and entries */
	nfds_t		  lent;		/* slots that the kernel has */
	bool		  fixed;	/* no slot may move */
	struct entry	 *changes;
};

/* Return 0 or a negative errno number. */
int	cmio__set_open(struct set *set, int wake_fd);
int	cmio__set_reserve(struct set *set);	/* room for one more */

void	cmio__set_close(struct set *set);

/* The entry comes, its record has changed, it goes. */
void	cmio__set_add(struct set *set, struct entry *e);
void	cmio__set_update(struct set *set, struct entry *e);
void	cmio__set_remove(struct set *set, struct entry *e);

/* Frees an entry that was removed, as soon as may be. */
void	cmio__set_free(struct entry *e);

/*
 * Gives the array to the kernel, and takes it back with what poll(2) has
 * found.  Slots do not move before that is settled, and an entry that was
 * removed meanwhile is marked as leaving.
 */
void	cmio__set_lend(struct set *set);
void	cmio__set_take_back(struct set *set);
void	cmio__set_settle(struct set *set);

#endif
