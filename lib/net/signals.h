/* SPDX-License-Identifier: MIT */
/*
 * How this system makes signals readable; configure picks the file.
 */
#ifndef CMIO_NET_SIGNALS_H
#define CMIO_NET_SIGNALS_H

#include "port/api_process.h"

/*
 * signals->set is what the caller wants, and fit; the rest is zero.  Opens
 * signals->source.fd, and returns 0 or a negative errno number.
 */
int	cmio__signals_open(struct cmio_signals *signals);

/* Returns a signal's number, or a negative errno number: EAGAIN for none. */
int	cmio__signals_take(struct cmio_signals *signals);

#endif
