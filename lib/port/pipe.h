/* SPDX-License-Identifier: MIT */
/*
 * A pipe whose ends are non-blocking and close-on-exec.
 */
#ifndef CMIO_PORT_PIPE_H
#define CMIO_PORT_PIPE_H

/*
 * The best way that the kernel has, and the one with separate steps.  fds[0]
 * is the read end.  Both return 0 or a negative errno number.
 */
int	cmio__pipe(int fds[2]);
int	cmio__pipe_plain(int fds[2]);

#endif
