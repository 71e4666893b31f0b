/* SPDX-License-Identifier: MIT */
/*
 * Static probes (USDT), for bpftrace(8), SystemTap and the like: see cmio(7).
 * Without --enable-usdt the libraries are the same as if no probe was there.
 * configure names the header that defines cmio__probe_NAME().
 *
 *	wait_begin(poll, nevents, timeout)	cmio_poll_wait() is called
 *	wait_end(poll, result)			it returns
 *	register(poll, fd, token, interest, result)
 *	reregister(poll, fd, token, interest, result)
 *	deregister(poll, fd)			also by releasing and closing
 *	rearm(poll, fd, directions)		also by an EAGAIN of libcmio-net
 *	wake(poll, token)			a user event is triggered
 *	event(selector, token, ready, native)	a selector reports a source
 *
 * A call is one line, which test/probes.sh can take out.
 */
#ifndef CMIO_PORT_PROBE_H
#define CMIO_PORT_PROBE_H

#include <stdint.h>

#include "port/api.h"

#include CMIO_PROBE_H

#endif
