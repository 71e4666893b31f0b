/* SPDX-License-Identifier: MIT */
/* Getting and setting one option of a socket. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "net/option.h"
#include "port/result.h"

int
cmio__set_option(cmio_fd fd, int level, int name, int value)
{
	if (cmio__sys_setsockopt(fd, level, name, &value,
	    sizeof(value)) == -1)
		return -errno;
	return 0;
}

int
cmio__option(cmio_fd fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	if (cmio__sys_getsockopt(fd, level, name, &value, &len) == -1)
		return -errno;
	return value;
}

int
cmio__set_number(struct cmio_source *source, int level, int name, int value,
    int least, int most)
{
	if (source == NULL || value < least || value > most)
		return cmio__result(-EINVAL);
	return cmio__result(cmio__set_option(source->fd, level, name, value));
}

int
cmio__number(const struct cmio_source *source, int level, int name)
{
	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__result(cmio__option(source->fd, level, name));
}

int
cmio__set_flag(struct cmio_source *source, int level, int name, int on)
{
	return cmio__set_number(source, level, name, on != 0, 0, 1);
}

/* BSD returns the flag as a bit other than 1. */
int
cmio__flag(const struct cmio_source *source, int level, int name)
{
	int value;

	value = cmio__number(source, level, name);
	return value > 0 ? 1 : value;
}
