/* SPDX-License-Identifier: MIT */
/*
 * The signals of net/signals.h by Linux' signalfd(2): reading takes a pending
 * signal of the process or of the reading thread.
 */
#include "config.h"

#include <sys/signalfd.h>

#include <errno.h>
#include <unistd.h>

#include "net/signals.h"

int
cmio__signals_open(struct cmio_signals *signals)
{
	int fd;

	fd = signalfd(-1, &signals->set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd == -1)
		return -errno;
	signals->source.fd = fd;
	return 0;
}

int
cmio__signals_take(struct cmio_signals *signals)
{
	struct signalfd_siginfo info;
	ssize_t n;

	n = read(signals->source.fd, &info, sizeof(info));
	if (n == -1)
		return -errno;
	/* Another kind of descriptor was put into the source. */
	return n == (ssize_t)sizeof(info) ? (int)info.ssi_signo : -EINVAL;
}
