/* SPDX-License-Identifier: MIT */
/* What the tests of cmio/udp.h share. */
#ifndef TEST_BATCHES_H
#define TEST_BATCHES_H

#include "sockets.h"

#include <cmio/udp.h>

enum { MANY = 200, ROOM = 65536 };

/* Two sockets that datagrams go between, registered with a poll as A and B. */
struct batch_pair {
	struct cmio_poll	*poll;
	struct cmio_source	 a, b;
	struct cmio_addr	 a_addr, b_addr;
};
enum { A = 3, B = 5 };
void	open_pair(struct batch_pair *pair, int selector, const char *on);
void	close_pair(struct batch_pair *pair);

/* The n-th byte of the datagram with this number. */
unsigned char byte_of(unsigned int number, size_t n);

/* Fills an entry with datagrams from this number on, of one size. */
void	fill_entry(struct cmio_datagrams *entry, void *buf,
	    unsigned int number, int datagrams, size_t size,
	    const struct cmio_addr *peer);

/* Sends all of the entries as the page says, waiting where it must. */
void	send_whole(struct cmio_source *source,
	    struct cmio_datagrams *entries, int n);

/*
 * Waits for datagrams from this number on, of one size, in batches of n, by a
 * source that is registered as token.  Returns the largest train.
 */
int	expect_datagrams(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int number, int datagrams, size_t size,
	    int batch, const struct cmio_addr *peer);

/* One entry of ROOM bytes, waited for. */
struct cmio_datagrams receive_one(struct cmio_poll *poll,
	    struct cmio_source *source, uintptr_t token);

/* The buffers of receive_one() and expect_datagrams(). */
extern unsigned char received_bytes[64][ROOM];

#endif
