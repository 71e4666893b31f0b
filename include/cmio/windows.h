/* SPDX-License-Identifier: MIT */
/*
 * cmio/windows.h: what only Windows has: overlapped operations of the
 * caller's own, and named pipes made of them.
 */
#ifndef CMIO_WINDOWS_H
#define CMIO_WINDOWS_H

#include <cmio.h>

#include <winsock2.h>
#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * done() runs inside cmio_poll_wait() when the operation has ended, and
 * returns the readiness to report for *token; 0 reports nothing.
 */
struct cmio_overlapped {
	OVERLAPPED	 overlapped;
	unsigned int	(CMIO_CALL *done)(struct cmio_overlapped *op,
			    unsigned long error, unsigned long bytes,
			    uintptr_t *token);
};
int	 CMIO_CALL cmio_associate(struct cmio_poll *poll, cmio_fd handle);

/* Names are UTF-8, as in \\.\pipe\name. */
int	 CMIO_CALL cmio_named_pipe_listen(struct cmio_source *pipe,
	    const char *name);
int	 CMIO_CALL cmio_named_pipe_open(struct cmio_source *pipe,
	    const char *name);
int	 CMIO_CALL cmio_named_pipe_from_handle(struct cmio_source *pipe,
	    cmio_fd handle);
int	 CMIO_CALL cmio_named_pipe_accept(struct cmio_source *pipe);
int	 CMIO_CALL cmio_named_pipe_disconnect(struct cmio_source *pipe);

/* 0: the kernel has all that was written.  EAGAIN: wait for WRITABLE. */
int	 CMIO_CALL cmio_named_pipe_flush(struct cmio_source *pipe);

/* Before cmio_bind(): no other socket gets the address. */
int	 CMIO_CALL cmio_set_exclusiveaddruse(struct cmio_source *source,
	    int on);
int	 CMIO_CALL cmio_exclusiveaddruse(const struct cmio_source *source);

#ifdef __cplusplus
}
#endif

#endif
