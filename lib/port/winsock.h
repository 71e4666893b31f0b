/* SPDX-License-Identifier: MIT */
/*
 * Winsock counts those who have started it, and runs until all have stopped
 * it.  So no one here keeps a count: a poll starts it for its own life, and
 * each socket made by libcmio-net for its own.
 */
#ifndef CMIO_PORT_WINSOCK_H
#define CMIO_PORT_WINSOCK_H

/* Returns 0 or a negative errno number. */
int	cmio__winsock_start(void);
void	cmio__winsock_stop(void);

#endif
