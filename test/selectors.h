/* SPDX-License-Identifier: MIT */
/*
 * The selectors for programs without the harness: all except an emulation,
 * whose errors are not cmio's.
 */
#ifndef TEST_SELECTORS_H
#define TEST_SELECTORS_H

#include "config.h"

#include <stddef.h>
#include <string.h>

#include <cmio.h>

enum { MOST_SELECTORS = 7 };

static inline const char *const *
selectors_to_test(const char *names[MOST_SELECTORS + 1])
{
	const char *const *name;
	int n = 0;

	for (name = cmio_selectors(); *name != NULL; name++) {
#ifdef KQUEUE_IS_LIBKQUEUE
		if (strcmp(*name, "kqueue") == 0)
			continue;
#endif
		if (n < MOST_SELECTORS)
			names[n++] = *name;
	}
	names[n] = NULL;
	return names;
}

#endif
