/* SPDX-License-Identifier: MIT */
/* What api.h is, with cmio/windows.h, which belongs to both libraries. */
#ifndef CMIO_PORT_API_WINDOWS_H
#define CMIO_PORT_API_WINDOWS_H

#include "port/api.h"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
#include <cmio/windows.h>
#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
