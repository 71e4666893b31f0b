/* SPDX-License-Identifier: MIT */
/*
 * The public headers for the libraries themselves: what they declare has
 * default visibility, everything else is hidden.
 */
#ifndef CMIO_PORT_API_H
#define CMIO_PORT_API_H

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
#include <cmio.h>
#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
