/* SPDX-License-Identifier: MIT */
/* What api.h is, with <cmio/process.h>, which Windows does not have. */
#ifndef CMIO_PORT_API_PROCESS_H
#define CMIO_PORT_API_PROCESS_H

#include "port/api.h"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
#include <cmio/process.h>
#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
