/* SPDX-License-Identifier: MIT */
/*
 * The sources of a kqueue: add, modify and remove of struct selector_ops.
 */
#ifndef CMIO_KQUEUE_SOURCE_H
#define CMIO_KQUEUE_SOURCE_H

#include <stdint.h>

#include "port/api.h"

int	cmio__kq_add(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int interest);
int	cmio__kq_modify(struct cmio_poll *poll, struct cmio_source *source,
	    uintptr_t token, unsigned int interest);
void	cmio__kq_remove(struct cmio_poll *poll, struct cmio_source *source);

#endif
