/* SPDX-License-Identifier: MIT */
/*
 * A poll on AFD, as its files share it.  Where a function says so, the
 * poll's lock is held.
 */
#ifndef CMIO_AFD_H
#define CMIO_AFD_H

#include <winsock2.h>
#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/endpoint.h"
#include "selector/afd/sock.h"
#include "selector/afd/table.h"
#include "selector/selector.h"

struct afd {
	struct cmio_poll	 base;
	HANDLE			 port;
	HANDLE			 checker;	/* NULL before any socket */
	struct helper		*helpers;	/* those with room come first */
	struct table		 table;
	struct sock		*stale;		/* to update before a wait */
	struct sock		*unused;
	size_t			 in_flight;	/* requests */
	size_t			 recalled;	/* of these, to be made anew */
	struct endpoint		*endpoints;	/* all that are associated */
	bool			 waiting;
	bool			 renewed;	/* one was, in this turn */
};

/*
 * sockets.c: the records and their requests.  The lock is held.
 */

/* Whether the socket can be waited for: EPERM where it cannot. */
int	cmio__afd_check_socket(struct afd *afd,
	    const struct afd_socket *socket);

/* A record with everything but its token and interest. */
int	cmio__afd_new_sock(struct afd *afd, cmio_fd fd,
	    const struct afd_socket *socket, struct sock **out);

/* For a record whose request is not in flight. */
void	cmio__afd_free_sock(struct afd *afd, struct sock *sock);

/* The source is gone; the record goes when its request is back. */
void	cmio__afd_drop_sock(struct afd *afd, struct sock *sock);

/*
 * What is to be asked about a socket has changed: asks at once where a
 * thread waits, else notes it for the next wait.  On failure, nothing is in
 * flight or noted that was not before.
 */
int	cmio__afd_changed(struct afd *afd, struct sock *sock);

/* Asks all that was noted.  The first error; what failed stays noted. */
int	cmio__afd_flush(struct afd *afd);

/*
 * A record's request is back.  Returns whether that makes an event; if not,
 * it is made anew at once.
 */
bool	cmio__afd_answered(struct afd *afd, struct sock *sock,
	    struct cmio_event *event);

/* Every record is free. */
void	cmio__afd_free_sockets(struct afd *afd);

/*
 * packets.c: what comes to the completion port.
 */

/* The key of requests' packets: an address that is no one else's. */
ULONG_PTR cmio__afd_key(const struct afd *afd);

/* What cmio__afd_receive() returns for packets that make no event. */
enum { NO_EVENT = WOKEN + 1 };

/*
 * Sleeps once.  Returns how many events it has filled in; 0 if the time
 * was up; if packets came and none made an event, WOKEN if a wake was among
 * them, else NO_EVENT; or a negative errno number.
 */
int	cmio__afd_receive(struct afd *afd, struct cmio_event *events,
	    int nevents, int64_t timeout);

/* The poll is closing: waits until the kernel has given everything back. */
void	cmio__afd_settle(struct afd *afd);

/*
 * endpoints.c: sources that libcmio-net makes readiness of.
 */
int	cmio__afd_watch(struct afd *afd, struct endpoint *endpoint,
	    uintptr_t token, unsigned int interest);

/* It has finished, and is freed. */
void	cmio__afd_forget(struct afd *afd, struct endpoint *endpoint);

/* The poll is closing: cancels what they have in flight. */
void	cmio__afd_leave_endpoints(struct afd *afd);

/* Whether the kernel still has something of that. */
bool	cmio__afd_endpoints_busy(struct afd *afd);

/* The port is closed. */
void	cmio__afd_part_endpoints(struct afd *afd);

extern const struct selector_ops cmio__afd;

#endif
