/* SPDX-License-Identifier: MIT */
/* See posix.h. */
#include "posix.h"
