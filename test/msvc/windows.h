/* SPDX-License-Identifier: MIT */
/* See winsock2.h. */
#include <winsock2.h>
