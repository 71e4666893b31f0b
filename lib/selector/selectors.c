/* SPDX-License-Identifier: MIT */
/* The selectors that configure chose, best first. */
#include "config.h"

#include <stddef.h>

#include "selector/selector.h"

/* CMIO_SELECTORS is in config.h: X(name) for each. */
#define X(name) extern const struct selector_ops cmio__##name;
CMIO_SELECTORS(X)
#undef X

const struct selector_ops *const cmio__selectors[] = {
#define X(name) &cmio__##name,
	CMIO_SELECTORS(X)
#undef X
	NULL
};

static const char *const names[] = {
#define X(name) #name,
	CMIO_SELECTORS(X)
#undef X
	NULL
};

const char *const *
cmio_selectors(void)
{
	return names;
}
