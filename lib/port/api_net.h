/* SPDX-License-Identifier: MIT */
/* Like api.h, with the headers of libcmio-net. */
#ifndef CMIO_PORT_API_NET_H
#define CMIO_PORT_API_NET_H

#include "port/api.h"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
#include <cmio/net.h>
#include <cmio/udp.h>
#include <cmio/waker.h>
#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
