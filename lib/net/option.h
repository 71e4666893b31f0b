/* SPDX-License-Identifier: MIT */
/*
 * Options for the public functions: EINVAL if the source is NULL, and the
 * result is -1 and errno.
 */
#ifndef CMIO_NET_OPTION_H
#define CMIO_NET_OPTION_H

#include "port/api_net.h"

/* Every value except 0 is on; the getter returns 0 or 1. */
int	cmio__set_flag(struct cmio_source *source, int level, int name,
	    int on);
int	cmio__flag(const struct cmio_source *source, int level, int name);

/* EINVAL if the value is below the minimum or above the maximum. */
int	cmio__set_number(struct cmio_source *source, int level, int name,
	    int value, int least, int most);
int	cmio__number(const struct cmio_source *source, int level, int name);

#endif
