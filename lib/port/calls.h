/* SPDX-License-Identifier: MIT */
/*
 * The system calls of libcmio-net, and the headers that go with them.
 *
 * cmio__sys_NAME() does what POSIX says of NAME, errno included: what is
 * different elsewhere is made the same there.  configure names the header
 * that has them.
 */
#ifndef CMIO_PORT_CALLS_H
#define CMIO_PORT_CALLS_H

#include CMIO_CALLS_H

#endif
