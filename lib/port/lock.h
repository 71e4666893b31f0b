/* SPDX-License-Identifier: MIT */
/*
 * A mutex that is held briefly, never during a call that blocks.  configure
 * selects the header that defines it.
 */
#ifndef CMIO_PORT_LOCK_H
#define CMIO_PORT_LOCK_H

#include CMIO_LOCK_H

#endif
