/* SPDX-License-Identifier: MIT */
/*
 * The header of a control message and the sizes that go with it.  configure
 * names the file that has them.
 */
#ifndef CMIO_PORT_CONTROL_H
#define CMIO_PORT_CONTROL_H

#include CMIO_CONTROL_H

#endif
