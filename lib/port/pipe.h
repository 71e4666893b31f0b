/* SPDX-License-Identifier: MIT */
/*
 * A pipe whose ends are non-blocking and close-on-exec.
 */
#ifndef CMIO_PORT_PIPE_H
#define CMIO_PORT_PIPE_H

/*
 * The best way, and one step after the other.  fds[0] is the end to read.
 * Each returns 0 or a negative errno number.
 */
int	cmio__pipe(int fds[2]);
int	cmio__pipe_plain(int fds[2]);

#endif
