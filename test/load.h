/* SPDX-License-Identifier: MIT */
/* Both ends of load: see load.c. */
#ifndef TEST_LOAD_H
#define TEST_LOAD_H

#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmio/net.h>
#include <cmio/waker.h>

enum {
	LISTENERS = 4,		/* different addresses: ports are few */
	SPARE = 40,		/* descriptors that are not connections */
	BUFFER = 4096,
	LARGEST = 60000,	/* bytes of a connection */
	SLOW_BYTES = 2048,	/* at a time */
	EVENTS = 64,
	STALL = 60,		/* seconds without a byte */
	STORM = 2000,
	STORM_LIMIT = 64	/* descriptors */
};
#define TICK	INT64_C(5000000)

enum token { CONTROL, WAKER, LISTENER, FIRST_CONN = LISTENER + LISTENERS };
enum manner { PLAIN, HALF_CLOSE, RESET, SLOW, MANNERS };

struct conn {
	struct cmio_source	source;
	bool			open;
	bool			eof, shut;
	/* The server's. */
	size_t			start, end;
	/* The client's. */
	bool			connected;
	unsigned int		id;
	enum manner		manner;
	size_t			size, sent, received, stop;
	char			buf[BUFFER];
};

struct side {
	struct cmio_poll	*poll;
	struct cmio_waker	*waker;
	struct cmio_source	 control;
	struct cmio_source	 listeners[LISTENERS];
	struct cmio_addr	 addrs[LISTENERS];
	struct conn		*conns;
	int			 most, open, spare;
	bool			 starved;	/* of descriptors */
	atomic_bool		 over;
	unsigned long		 accepted, done, resets, emfile, wakes, none;
	unsigned long long	 bytes;
	uint64_t		 random;
};

/* Prints what has failed, and exits. */
void	die(const char *what);

/* A connection that is not open, or NULL; it is cleared. */
struct conn *spare_conn(struct side *side);
bool	adopt(struct side *side, struct conn *conn,
	    const struct cmio_source *source);
void	shut_conn(struct side *side, struct conn *conn);

/* A poll with a waker, and room for so many connections. */
struct side *open_side(const char *selector, int connections);

/* The memory of this process, in kB. */
long	resident(void);

/* A thread that wakes the side until it is over. */
void	*wake_often(void *side);

/* The server's process.  limit is that of its descriptors, or 0. */
_Noreturn void	be_server(const char *selector, int connections,
	    struct cmio_source *listeners, struct cmio_source *control,
	    int limit);

#endif
