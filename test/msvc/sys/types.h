/* SPDX-License-Identifier: MIT */
/* See winsock2.h.  That of Visual C++ has no ssize_t. */
