/* SPDX-License-Identifier: MIT */
/* Named pipes that a test makes, connected or about to be. */
#ifndef TEST_NAMED_PIPES_H
#define TEST_NAMED_PIPES_H

#include "harness.h"

#include <cmio/net.h>

/* A name that no other pipe has; it stays until the next call. */
const char	*a_name(void);

/* A server and its client; neither is registered. */
void	make_pair(struct cmio_source *server, struct cmio_source *client);

/* A server registered as 1 that does not wait for a client yet. */
struct cmio_poll *listening(int i, struct cmio_source *server,
	    const char *name);

/* Accepts a client that is connected already or comes later. */
void	accept_any(struct cmio_source *server);

/* A server registered as 1 and its client as 2, connected. */
struct cmio_poll *connected_pair(int i, struct cmio_source *server,
	    struct cmio_source *client);

/* Waits until no event comes any more. */
void	settle(struct cmio_poll *poll);

/* Closes both ends and the poll. */
void	finish(struct cmio_poll *poll, struct cmio_source *server,
	    struct cmio_source *client);

#endif
