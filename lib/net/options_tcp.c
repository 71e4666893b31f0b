/* SPDX-License-Identifier: MIT */
/* Options of connections: delay, lingering, keep-alive probes. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "net/option.h"
#include "port/result.h"

int
cmio_set_nodelay(struct cmio_source *source, int on)
{
	return cmio__set_flag(source, IPPROTO_TCP, TCP_NODELAY, on);
}

int
cmio_nodelay(const struct cmio_source *source)
{
	return cmio__flag(source, IPPROTO_TCP, TCP_NODELAY);
}

int
cmio_set_linger(struct cmio_source *source, int seconds)
{
	struct linger linger = { 0 };

	if (source == NULL || seconds < -1)
		return cmio__result(-EINVAL);
	if (seconds != -1) {
		linger.l_onoff = 1;
		linger.l_linger = seconds;
	}
	return cmio__sys_setsockopt(source->fd, SOL_SOCKET, CMIO_SO_LINGER,
	    &linger, sizeof(linger));
}

int
cmio_linger(const struct cmio_source *source, int *seconds)
{
	struct linger linger = { 0 };
	socklen_t len = sizeof(linger);

	if (source == NULL || seconds == NULL)
		return cmio__result(-EINVAL);
	if (cmio__sys_getsockopt(source->fd, SOL_SOCKET, CMIO_SO_LINGER,
	    &linger, &len) == -1)
		return -1;
	*seconds = linger.l_onoff != 0 ? linger.l_linger : -1;
	return 0;
}

/*
 * A value of 0 keeps the system's value.  OpenBSD has these only for the whole
 * system, and Windows before 10 does not have them: there setting a value is
 * ENOTSUP, and it reads as 0.
 */
static int
set_probes(cmio_fd fd, int name, int value)
{
	int rc;

	if (value == 0)
		return 0;
	if (name == -1)
		return -ENOTSUP;
	rc = cmio__set_option(fd, IPPROTO_TCP, name, value);
	return rc == -ENOPROTOOPT ? -ENOTSUP : rc;
}

static int
probes(cmio_fd fd, int name)
{
	int rc;

	if (name == -1)
		return 0;
	rc = cmio__option(fd, IPPROTO_TCP, name);
	return rc == -ENOPROTOOPT ? 0 : rc;
}

/* What the socket has, or a negative errno number if fd is none. */
static int
get_keepalive(cmio_fd fd, struct cmio_keepalive *keepalive)
{
	struct cmio_keepalive k;

	k.on = cmio__option(fd, SOL_SOCKET, SO_KEEPALIVE);
	if (k.on < 0)
		return k.on;
	/* BSD returns the flag as a bit other than 1. */
	k.on = k.on != 0;
	k.idle = probes(fd, CMIO_TCP_KEEPIDLE);
	k.interval = probes(fd, CMIO_TCP_KEEPINTVL);
	k.count = probes(fd, CMIO_TCP_KEEPCNT);
	if (k.idle < 0 || k.interval < 0 || k.count < 0)
		return k.idle < 0 ? k.idle :
		    k.interval < 0 ? k.interval : k.count;
	*keepalive = k;
	return 0;
}

/* Sets all that are not 0, the flag last, and stops at the first failure. */
static int
set_each(cmio_fd fd, const struct cmio_keepalive *keepalive)
{
	int rc;

	rc = set_probes(fd, CMIO_TCP_KEEPIDLE, keepalive->idle);
	if (rc == 0)
		rc = set_probes(fd, CMIO_TCP_KEEPINTVL, keepalive->interval);
	if (rc == 0)
		rc = set_probes(fd, CMIO_TCP_KEEPCNT, keepalive->count);
	if (rc == 0)
		rc = cmio__set_option(fd, SOL_SOCKET, SO_KEEPALIVE,
		    keepalive->on);
	return rc;
}

/* Changes all or nothing. */
static int
set_keepalive(cmio_fd fd, const struct cmio_keepalive *keepalive)
{
	struct cmio_keepalive before;
	int rc;

	if (!keepalive->on)
		return cmio__set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
	if (keepalive->idle < 0 || keepalive->interval < 0 ||
	    keepalive->count < 0)
		return -EINVAL;
	rc = get_keepalive(fd, &before);
	if (rc != 0)
		return rc;
	rc = set_each(fd, &(struct cmio_keepalive){ 1, keepalive->idle,
	    keepalive->interval, keepalive->count });
	if (rc != 0)
		set_each(fd, &before);
	return rc;
}

int
cmio_set_keepalive(struct cmio_source *source,
    const struct cmio_keepalive *keepalive)
{
	static const struct cmio_keepalive off;

	if (source == NULL)
		return cmio__result(-EINVAL);
	return cmio__result(set_keepalive(source->fd,
	    keepalive == NULL ? &off : keepalive));
}

int
cmio_keepalive(const struct cmio_source *source,
    struct cmio_keepalive *keepalive)
{
	if (source == NULL || keepalive == NULL)
		return cmio__result(-EINVAL);
	return cmio__result(get_keepalive(source->fd, keepalive));
}
