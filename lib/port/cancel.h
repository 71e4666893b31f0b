/* SPDX-License-Identifier: MIT */
/*
 * Turning the cancellation of the calling thread off, as pthread_cancel(3)
 * must not end a thread that holds a lock or is in the middle of a change.
 * configure names the header that has it.
 *
 *	int before = cmio__cancel_off();
 *	...
 *	cmio__cancel_restore(before);
 */
#ifndef CMIO_PORT_CANCEL_H
#define CMIO_PORT_CANCEL_H

#include CMIO_CANCEL_H

#endif
