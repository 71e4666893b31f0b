/* SPDX-License-Identifier: MIT */
/*
 * What the tests of sockets and pipes share.  Every function ends the test if
 * it fails.
 */
#ifndef TEST_SOCKETS_H
#define TEST_SOCKETS_H

#include "harness.h"

#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

#include <cmio/net.h>

enum { PATH_ROOM = 90, TEMP_PATHS = 4 };

/* A directory for one test, with names for a few sockets. */
struct temp {
	char	dir[PATH_ROOM];
	char	path[TEMP_PATHS][PATH_ROOM];
};
void	make_temp(struct temp *temp);
void	remove_temp(const struct temp *temp);

struct cmio_addr address(const char *text);
struct cmio_addr path_address(const struct temp *temp, int i);
struct cmio_addr local_address(const struct cmio_source *source);
void	check_same_address(const struct cmio_addr *a,
	    const struct cmio_addr *b);
bool	has_ipv6(void);

/* A listener or socket on 127.0.0.1, at a port that the system chooses. */
struct cmio_addr tcp_listen(struct cmio_source *listener);
struct cmio_addr udp_bind(struct cmio_source *source);

/* Two ends of one connection, not registered. */
void	tcp_pair(struct cmio_source *client, struct cmio_source *server);
void	accept_one(struct cmio_source *listener, struct cmio_source *stream);

/*
 * A poll that watches a source, or the client of a new connection, with the
 * token WATCHED.  If it watches for CMIO_WRITABLE, that was seen.
 */
enum { WATCHED = 3 };
struct cmio_poll *watch_source(int selector, struct cmio_source *source,
	    unsigned int interest);
struct cmio_poll *watch_tcp_pair(int selector, struct cmio_source *client,
	    struct cmio_source *server, unsigned int interest);
void	unwatch_pair(struct cmio_poll *poll, struct cmio_source *a,
	    struct cmio_source *b);

/*
 * Waits for a source.  It is not registered; or it is, with this token, and
 * nothing else in that poll is ready.
 */
void	await(struct cmio_source *source, unsigned int ready);

/* Reads exactly these bytes from a source that is not registered. */
void	expect_bytes(struct cmio_source *source, const char *bytes);

/* Writes until EAGAIN; returns how much was written. */
size_t	fill(struct cmio_source *source);
size_t	drain(struct cmio_source *source);

void	write_text(struct cmio_source *source, const char *text);
void	reset(struct cmio_source *source);	/* of the connection; closes */
void	check_flags(const struct cmio_source *source);
void	close_sources(struct cmio_source *a, struct cmio_source *b);

#define expect_would_block(expression)					\
	ck_assert_errno(expression, EAGAIN)

#endif
