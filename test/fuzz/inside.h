/* SPDX-License-Identifier: MIT */
/* What the files of world.h share. */
#ifndef FUZZ_INSIDE_H
#define FUZZ_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <cmio.h>

#include "model.h"
#include "program.h"
#include "world.h"

enum { CLASSES = 16 };	/* of last_added */

/* reg of the model at the same index belongs to it. */
struct slot {
	bool			used;
	struct cmio_source	source;
	enum kind		kind;
	int			channel;
	int			number;	/* that the descriptor had */
	bool			gone;	/* only the kernel has it */
};

struct world {
	struct model		 model;
	struct cmio_poll	*polls[POLLS];
	struct slot		 slots[SOURCES];
	struct cmio_user_event	 events[USER_EVENTS];
	int			 channels;
	int			 last_added[POLLS][CLASSES];
	uintptr_t		 token;
	struct outcome		*outcome;
	int			 at;	/* the number of the operation */
	FILE			*text;
	const char		*selector;
};

/* Adds to the text of the program. */
void	say(struct world *w, const char *format, ...);

/* The program has failed.  The first failure counts. */
void	fail(struct world *w, const char *format, ...);

/* What the operation returned. */
void	note(struct world *w, int code, int rc, bool exact);

/* The return value must be this one; -1 is any failure. */
void	expect(struct world *w, const char *what, int rc, int error);
struct reg *reg_of(struct world *w, struct slot *slot);
int	index_of(struct world *w, struct slot *slot);

/* The slot with index which, modulo their number, for which wanted(). */
struct slot *choose(struct world *w, unsigned int which,
	    bool (*wanted)(struct world *, struct slot *));
bool	is_open(struct world *w, struct slot *slot);
bool	is_used(struct world *w, struct slot *slot);
bool	is_listener(struct world *w, struct slot *slot);
bool	is_tcp(struct world *w, struct slot *slot);
bool	is_open_and_registered(struct world *w, struct slot *slot);

/* NULL if there is none left; fd is closed then. */
struct slot *new_slot(struct world *w, int fd, enum kind kind, int channel);

/* A channel was used: the sources of both ends may become ready. */
void	stir(struct world *w, int channel);

/* TCP's timers and new connections may make these ready at any time. */
void	stir_tcp(struct world *w);

/* Whether results do not depend on the timers of a protocol. */
bool	exact(const struct slot *slot);

/* Small, so that programs can fill them. */
void	small_buffers(int fd);

/* What poll(2) says now. */
short	truth_of(int fd);

/* After EAGAIN; libcmio-net's functions have rearmed already. */
void	again(struct world *w, struct slot *slot, unsigned int directions,
	    bool by_cmio);

/* The operations of program.h. */
void	do_make(struct world *w, const struct op *op);
void	do_connect(struct world *w, const struct op *op);
void	do_accept(struct world *w, const struct op *op);
void	do_write(struct world *w, const struct op *op);
void	do_read(struct world *w, const struct op *op);
void	do_urgent(struct world *w, const struct op *op);
void	do_shutdown(struct world *w, const struct op *op);
void	do_close(struct world *w, const struct op *op);
void	do_close_plain(struct world *w, const struct op *op);
void	do_reset(struct world *w, const struct op *op);
void	do_dup(struct world *w, const struct op *op);
void	do_register(struct world *w, const struct op *op);
void	do_reregister(struct world *w, const struct op *op);
void	do_deregister(struct world *w, const struct op *op);
void	do_rearm(struct world *w, const struct op *op);
void	do_event_add(struct world *w, const struct op *op);
void	do_event_trigger(struct world *w, const struct op *op);
void	do_event_remove(struct world *w, const struct op *op);

#endif
