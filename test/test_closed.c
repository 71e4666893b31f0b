/* SPDX-License-Identifier: MIT */
/*
 * READ_CLOSED and WRITE_CLOSED, row by row: what the descriptor is, and what
 * has happened to it.
 */
#include "harness.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain.h"

#define R	CMIO_READABLE
#define W	CMIO_WRITABLE
#define RC	CMIO_READ_CLOSED
#define WC	CMIO_WRITE_CLOSED

/* Sets fds[0], which is watched, and fds[1]; false if it cannot be made. */
typedef bool maker(int fds[2]);

static bool
reader_of_pipe(int fds[2])
{
	plain_pipe(fds);
	return true;
}

static bool
writer_of_pipe(int fds[2])
{
	int both[2];

	plain_pipe(both);
	fds[0] = both[1];
	fds[1] = both[0];
	return true;
}

static bool
unix_stream(int fds[2])
{
	plain_unix_pair(fds);
	return true;
}

static bool
tcp_stream(int fds[2])
{
	plain_tcp_pair(fds);
	return true;
}

static bool
unix_datagram(int fds[2])
{
	ck_assert_ok(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
	return true;
}

static bool
master_of_terminal(int fds[2])
{
	fds[0] = posix_openpt(O_RDWR | O_NOCTTY);
	if (fds[0] == -1)
		return false;
	if (grantpt(fds[0]) == -1 || unlockpt(fds[0]) == -1) {
		close(fds[0]);
		return false;
	}
	fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY);
	ck_assert_int_ne(fds[1], -1);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	return true;
}

static bool
slave_of_terminal(int fds[2])
{
	int both[2];

	if (!master_of_terminal(both))
		return false;
	fds[0] = both[1];
	fds[1] = both[0];
	return true;
}

/* What happens. */
static void
nothing(int fds[2])
{
	(void)fds;
}

static void
other_closes(int fds[2])
{
	close(fds[1]);
	fds[1] = -1;
}

static void
other_ends_writing(int fds[2])
{
	ck_assert_ok(shutdown(fds[1], SHUT_WR));
}

static void
other_resets(int fds[2])
{
	plain_reset(fds[1]);
	fds[1] = -1;
}

static const struct row {
	maker		*make;
	void		(*happens)(int fds[2]);
	unsigned int	 interest;
	unsigned int	 closed;	/* RC and WC: as much, and no more */
	unsigned int	 maybe;		/* one of them that kernels differ in */
	bool		 quiet;		/* there is no event */
} rows[] = {
	{ reader_of_pipe, nothing, R, 0, 0, true },
	{ reader_of_pipe, other_closes, R, RC, 0, false },
	{ writer_of_pipe, nothing, W, 0, 0, false },
	{ writer_of_pipe, other_closes, W, WC, 0, false },
	{ unix_stream, nothing, R | W, 0, 0, false },
	{ unix_stream, other_ends_writing, R | W, RC, 0, false },
	{ unix_stream, other_closes, R | W, RC, WC, false },
	{ tcp_stream, nothing, R | W, 0, 0, false },
	{ tcp_stream, other_ends_writing, R | W, RC, 0, false },
	{ tcp_stream, other_closes, R | W, RC, 0, false },
	{ tcp_stream, other_resets, R | W, RC | WC, 0, false },
	{ unix_datagram, nothing, R | W, 0, 0, false },
	{ unix_datagram, other_closes, W, 0, 0, false },
	{ master_of_terminal, nothing, R | W, 0, 0, false },
	{ master_of_terminal, other_closes, R | W, RC, 0, false },
	{ slave_of_terminal, nothing, R | W, 0, 0, false },
	{ slave_of_terminal, other_closes, R | W, RC | WC, 0, false },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* All bits of all events, until the expected ones were seen. */
static unsigned int
bits_of(struct cmio_poll *poll, const struct row *row)
{
	struct cmio_event events[8];
	unsigned int seen = 0;
	int i, n, turn;

	for (turn = 0; turn < 100; turn++) {
		n = cmio_poll_wait(poll, events, 8, 2 * A_WHILE);
		ck_assert_ok(n);
		for (i = 0; i < n; i++)
			seen |= events[i].ready;
		if (n == 0 && (row->quiet || (seen != 0 &&
		    (seen & row->closed) == row->closed)))
			break;
	}
	return seen & (RC | WC);
}

static void
check(int selector, int i, bool before)
{
	const struct row *row = &rows[i];
	struct cmio_poll *poll;
	struct cmio_source source;
	unsigned int seen;
	int fds[2];

	if (!row->make(fds))
		return;
	poll = open_selector(selector);
	if (before)
		row->happens(fds);
	add(poll, &source, fds[0], 1, row->interest);
	if (!before)
		row->happens(fds);
	seen = bits_of(poll, row);
	if ((seen & ~row->maybe) != row->closed)
		ck_abort_msg("row %d, %s: %#x, not %#x", i,
		    before ? "before" : "after", seen, row->closed);
	removed(poll, &source);
	close(fds[0]);
	if (fds[1] != -1)
		close(fds[1]);
	cmio_poll_unref(poll);
}

START_TEST(closed_is_what_is_true_of_each_kind_of_descriptor)
{
	int i;

	if (is_kqueue(_i))
		skip("its table is in cmio(7)");
	for (i = 0; i < ROWS; i++) {
		check(_i, i, false);
		check(_i, i, true);
	}
}
END_TEST

static const struct test tests[] = {
	EACH_SELECTOR(closed_is_what_is_true_of_each_kind_of_descriptor),
	END_OF_TESTS
};

int
main(int argc, char **argv)
{
	return run_tests(argc, argv, "closed", tests);
}
