/* SPDX-License-Identifier: MIT */
/*
 * No probes.  Macros, because a compiler counts an empty function as well when
 * it decides what to inline, and the code would not be the same.
 */
#ifndef CMIO_PORT_PROBE_NONE_H
#define CMIO_PORT_PROBE_NONE_H

#define cmio__probe_wait_begin(poll, nevents, timeout)	((void)0)
#define cmio__probe_wait_end(poll, result)		((void)0)
#define cmio__probe_register(poll, fd, token, interest, result)	((void)0)
#define cmio__probe_reregister(poll, fd, token, interest, result) ((void)0)
#define cmio__probe_deregister(poll, fd)		((void)0)
#define cmio__probe_rearm(poll, fd, directions)		((void)0)
#define cmio__probe_wake(poll, token)			((void)0)
#define cmio__probe_event(selector, event)		((void)0)

#endif
