/* SPDX-License-Identifier: MIT */
/*
 * Random bytes as addresses, names, options, vectors and control messages: the
 * result is the same value or an error.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Returns NULL, or an error message. */
const char *input_check(const uint8_t *bytes, size_t size);

#endif
