/* SPDX-License-Identifier: MIT */
/*
 * What a descriptor is that cmio did not make.
 */
#ifndef CMIO_PORT_FIND_KIND_H
#define CMIO_PORT_FIND_KIND_H

#include "port/api.h"
#include "port/kind.h"

/* Sets *kind to flags of KIND_WAY: 0 or a negative errno number. */
int	cmio__find_kind(cmio_fd fd, unsigned int *kind);

/* Finds out what the source is, if that is not known yet. */
static inline int
cmio__know_kind(struct cmio_source *source)
{
	unsigned int kind = 0;
	int rc = 0;

	if ((source->kind & KIND_WAY) == 0)
		rc = cmio__find_kind(source->fd, &kind);
	source->kind |= kind;
	return rc;
}

#endif
