/* SPDX-License-Identifier: MIT */
/*
 * Options as the public functions set and get them: a source that is NULL is
 * EINVAL, and the result is in the outer form.
 */
#ifndef CMIO_NET_OPTION_H
#define CMIO_NET_OPTION_H

#include "port/api_net.h"

/* Anything but 0 is on; the getter returns 0 or 1. */
int	cmio__set_flag(struct cmio_source *source, int level, int name,
	    int on);
int	cmio__flag(const struct cmio_source *source, int level, int name);

/* EINVAL below the least or above the most. */
int	cmio__set_number(struct cmio_source *source, int level, int name,
	    int value, int least, int most);
int	cmio__number(const struct cmio_source *source, int level, int name);

#endif
