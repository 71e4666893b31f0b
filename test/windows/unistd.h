/* SPDX-License-Identifier: MIT */
/* See posix.h; this is a system's header as far as warnings go. */
#pragma GCC system_header
#include_next <unistd.h>
#include "posix.h"
