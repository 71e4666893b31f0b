/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a Unix socket, however the system says it. */
#include "config.h"

#include <errno.h>

#include "net/net.h"
#include "net/peer_cred.h"
#include "port/result.h"

/*
 * Other sockets may have another option of the same number.  A Unix socket
 * without a name has no family on some systems.
 */
static int
check_family(cmio_fd fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(ss);

	if (cmio__sys_getsockname(fd, (struct sockaddr *)&ss, &len) == -1)
		return -errno;
	return ss.ss_family == AF_UNIX || ss.ss_family == AF_UNSPEC ? 0 :
	    -EAFNOSUPPORT;
}

int
cmio_peer_cred(const struct cmio_source *source, uid_t *uid, gid_t *gid,
    pid_t *pid)
{
	struct peer_cred cred;
	int rc;

	if (source == NULL)
		return cmio__result(-EINVAL);
	rc = check_family(source->fd);
	if (rc == 0)
		rc = cmio__peer_cred(source->fd, &cred);
	if (rc != 0)
		return cmio__result(rc);
	if (uid != NULL)
		*uid = cred.uid;
	if (gid != NULL)
		*gid = cred.gid;
	if (pid != NULL)
		*pid = cred.pid;
	return 0;
}
