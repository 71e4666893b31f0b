/* SPDX-License-Identifier: MIT */
/*
 * The system calls of libcmio-net, and their headers.
 *
 * cmio__sys_NAME() does what POSIX says of NAME and sets errno, on every
 * system.  configure selects the header that defines them.
 */
#ifndef CMIO_PORT_CALLS_H
#define CMIO_PORT_CALLS_H

#include CMIO_CALLS_H

#endif
