/* SPDX-License-Identifier: MIT */
/*
 * The contract of cmio.h on readiness, as a model: what a wait must report, may
 * report and must not report.
 *
 * The model does not predict what the kernel does with bytes: poll(2) says what
 * is true of each descriptor, before and after each wait.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <cmio.h>

enum {
	SOURCES = 24,
	POLLS = 2,
	USER_EVENTS = 3,
	MOST_EVENTS = 2 * (SOURCES + USER_EVENTS)
};

enum kind {
	KIND_READER, KIND_WRITER,	/* of a pipe */
	KIND_STREAM,
	KIND_DATAGRAM,
	KIND_TCP,			/* a stream with the kernel's timers */
	KIND_LISTENER
};

/* One registration. */
struct reg {
	bool		on;
	int		poll;
	uintptr_t	token;
	enum kind	kind;
	unsigned int	interest;	/* and triggers */
	unsigned int	owed;		/* directions that must be reported */
	short		reported;	/* conditions, as revents */
	bool		spent;		/* CMIO_ONESHOT, and reported */
	bool		quiet;		/* no change since an event */
	int		missed;		/* waits that had no room for it */

	/* The descriptor was closed with close(2): what may still come. */
	bool		stale;
	bool		ghost;		/* the kernel keeps it */
	int		stale_left;

	/* For the wait that is being checked. */
	short		before, after;	/* what poll(2) says */
	unsigned int	seen;
	int		times;
};

struct user_event {
	bool		on;
	int		poll;
	uintptr_t	token;
	bool		triggered;
	int		missed;
	int		times;
};

struct model {
	struct reg		regs[SOURCES];
	struct user_event	events[USER_EVENTS];
	bool			splits;	/* one source, several events */
	bool			emulates; /* edges: looks at conditions */
	bool			ghosts;	/* there was one */
};

void	model_register(struct reg *reg, int poll, uintptr_t token,
	    unsigned int interest);

/* An operation failed with EAGAIN and cmio knows it; truth is current. */
void	model_again(struct reg *reg, unsigned int directions, short truth);

/*
 * Checks one wait on poll that had room for most events.  Returns NULL, or an
 * error message, which is written to buf.
 */
const char *model_wait(struct model *model, int poll,
	    const struct cmio_event *events, int n, int most, char *buf,
	    size_t size);

/* Whether the next wait on poll must report something. */
bool	model_owes(const struct model *model, int poll);

#endif
