/* SPDX-License-Identifier: MIT */
/* The functions of cancel.h without cancellation: Windows, Android. */
#ifndef CMIO_PORT_CANCEL_NONE_H
#define CMIO_PORT_CANCEL_NONE_H

static inline int
cmio__cancel_off(void)
{
	return 0;
}

static inline void
cmio__cancel_restore(int before)
{
	(void)before;
}

#endif
