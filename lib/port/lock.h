/* SPDX-License-Identifier: MIT */
/*
 * A mutex that is held for moments: never around a call that blocks.
 * configure names the header that has it.
 */
#ifndef CMIO_PORT_LOCK_H
#define CMIO_PORT_LOCK_H

#include CMIO_LOCK_H

#endif
