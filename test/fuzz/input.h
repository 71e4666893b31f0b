/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as addresses, names, options and vectors: what comes back is
 * what went in, or an error.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Returns NULL, or what is wrong. */
const char *input_check(const uint8_t *bytes, size_t size);

#endif
