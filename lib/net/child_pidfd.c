/* SPDX-License-Identifier: MIT */
/*
 * The child of net/child.h by Linux' pidfd_open(2), which has no function in
 * all C libraries, and waitid(2) for P_PIDFD: Linux 5.4.  The pid is used
 * once, to open; after that nothing can be mistaken for the child.
 */
#include "config.h"

#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>

#include "net/child.h"
#include "port/close.h"

/* pidfd_open(2) fails for the id of a thread with EINVAL, or with ENOENT. */
static int
open_error(int number)
{
	switch (number) {
	case ENOSYS:
	case EPERM:		/* of a sandbox */
		return -ENOTSUP;
	case EINVAL:
	case ENOENT:
	case ESRCH:
		return -ECHILD;
	default:
		return -number;
	}
}

/* Linux 5.3 has pidfd_open(2), and EINVAL for P_PIDFD. */
static int
check(int fd)
{
	siginfo_t info;

	if (waitid((idtype_t)CMIO_P_PIDFD, (id_t)fd, &info,
	    WEXITED | WNOHANG | WNOWAIT) == 0)
		return 0;
	return errno == EINVAL ? -ENOTSUP : -errno;
}

int
cmio__child_open(struct cmio_child *child)
{
	int fd, rc;

	fd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (fd == -1)
		return open_error(errno);
	rc = check(fd);
	if (rc != 0) {
		cmio__close_fd(fd);
		return rc;
	}
	child->source.fd = fd;
	return 0;
}

/* Linux has a status in this form, and waitid(2) takes it apart. */
static int
status_of(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return (info->si_status & 0xff) << 8;
	return info->si_status | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

int
cmio__child_wait(const struct cmio_child *child, int *status)
{
	siginfo_t info = { .si_pid = 0 };

	if (waitid((idtype_t)CMIO_P_PIDFD, (id_t)child->source.fd, &info,
	    WEXITED | WNOHANG) == -1)
		return -errno;
	if (info.si_pid == 0)
		return -EAGAIN;
	*status = status_of(&info);
	return 0;
}
