/* SPDX-License-Identifier: MIT */
/*
 * A pipe whose ends are non-blocking and close-on-exec.
 */
#ifndef CMIO_PORT_PIPE_H
#define CMIO_PORT_PIPE_H

/* fds[0] is the end to read.  Returns 0 or a negative errno number. */
int	cmio__pipe(int fds[2]);

#endif
