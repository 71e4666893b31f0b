/* SPDX-License-Identifier: MIT */
/* Probes as notes in the library, by SystemTap's header: a nop each. */
#ifndef CMIO_PORT_PROBE_SDT_H
#define CMIO_PORT_PROBE_SDT_H

#include <sys/sdt.h>

static inline void
cmio__probe_wait_begin(const struct cmio_poll *poll, int nevents,
    int64_t timeout)
{
	STAP_PROBE3(cmio, wait_begin, poll, nevents, timeout);
}

static inline void
cmio__probe_wait_end(const struct cmio_poll *poll, int result)
{
	STAP_PROBE2(cmio, wait_end, poll, result);
}

static inline void
cmio__probe_register(const struct cmio_poll *poll, cmio_fd fd,
    uintptr_t token, unsigned int interest, int result)
{
	STAP_PROBE5(cmio, register, poll, fd, token, interest, result);
}

static inline void
cmio__probe_reregister(const struct cmio_poll *poll, cmio_fd fd,
    uintptr_t token, unsigned int interest, int result)
{
	STAP_PROBE5(cmio, reregister, poll, fd, token, interest, result);
}

static inline void
cmio__probe_deregister(const struct cmio_poll *poll, cmio_fd fd)
{
	STAP_PROBE2(cmio, deregister, poll, fd);
}

static inline void
cmio__probe_rearm(const struct cmio_poll *poll, cmio_fd fd,
    unsigned int directions)
{
	STAP_PROBE3(cmio, rearm, poll, fd, directions);
}

static inline void
cmio__probe_wake(const struct cmio_poll *poll, uintptr_t token)
{
	STAP_PROBE2(cmio, wake, poll, token);
}

static inline void
cmio__probe_event(const char *selector,
    const struct cmio_event *event)
{
	STAP_PROBE4(cmio, event,
	    selector, event->token, event->ready, event->native);
}

#endif
