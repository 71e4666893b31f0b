/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that a thread can make readable for another.
 */
#ifndef CMIO_PORT_WAKEFD_H
#define CMIO_PORT_WAKEFD_H

struct wakefd {
	int	fd;		/* to watch */
	int	write_fd;	/* the same for an eventfd */
};
#define WAKEFD_CLOSED	{ -1, -1 }

/* Returns 0 or a negative errno number. */
int	cmio__wakefd_open(struct wakefd *wakefd);	/* the best kind */
int	cmio__wakefd_pipe(struct wakefd *wakefd);	/* a pipe */
void	cmio__wakefd_close(struct wakefd *wakefd);

/*
 * Makes fd readable, and makes an edge even if it is readable already.  May be
 * called by any thread and by signal handlers.  Does not change errno.
 */
int	cmio__wakefd_wake(const struct wakefd *wakefd);

/* Makes fd unreadable again. */
void	cmio__wakefd_drain(const struct wakefd *wakefd);

/* The same; returns how many wakes there were since. */
unsigned int	cmio__wakefd_take(const struct wakefd *wakefd);

#endif
