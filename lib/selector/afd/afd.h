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
#include "selector/afd/request.h"
#include "selector/afd/table.h"
#include "selector/selector.h"

struct afd {
	struct cmio_poll	 base;
	HANDLE			 port;
	HANDLE			 guard_port;	/* nobody else's */
	struct helper		*helpers;	/* those with room come first */
	struct table		 table;
	struct afd_record	*records;	/* all of them */
	struct afd_record	*stale;		/* to update before a wait */
	struct afd_record	*unused;
	size_t			 in_flight;	/* questions */
	size_t			 recalled;	/* of these, to be asked anew */
	size_t			 guards;	/* in flight */
	struct endpoint		*endpoints;	/* all that are associated */
	bool			 waiting;
	bool			 renewed;	/* a question, in this turn */
};

/* The key of questions' packets: an address that is no one else's. */
static inline ULONG_PTR
cmio__afd_key(const struct afd *afd)
{
	return (ULONG_PTR)&afd->helpers;
}

/*
 * record.c: the records and their requests.  The lock is held.
 */

/* A record without guard, token and interest. */
int	cmio__afd_new_record(struct afd *afd, cmio_fd fd,
	    const struct afd_socket *socket, struct afd_record **out);

/* For a record that has nothing in flight. */
void	cmio__afd_free_record(struct afd *afd, struct afd_record *record);

/* Begins to guard the socket: see cmio__request_guard(). */
int	cmio__afd_guard(struct afd *afd, struct afd_record *record);

/* The source is gone; the record is free when its requests are back. */
void	cmio__afd_remove_record(struct afd *afd, struct afd_record *record);

/*
 * What is to be asked about a socket has changed: asks at once if a thread
 * waits, else notes it for the next wait.  On failure, nothing is in flight
 * or noted that was not before.
 */
int	cmio__afd_changed(struct afd *afd, struct afd_record *record);

/* Asks all that was noted.  The first error; what failed stays noted. */
int	cmio__afd_flush(struct afd *afd);

/*
 * A record's question is back.  Returns whether that makes an event; if not,
 * it is asked anew at once.
 */
bool	cmio__afd_answered(struct afd *afd, struct afd_record *record,
	    struct cmio_event *event);

/* Takes the guards that are back: their sockets were closed. */
void	cmio__afd_see_closed(struct afd *afd);

/* Waits until no guard is in flight.  All were cancelled. */
void	cmio__afd_settle_guards(struct afd *afd);

/* Finds questions that are back although their packets did not come. */
void	cmio__afd_recount(struct afd *afd);

/* No request is in flight. */
void	cmio__afd_free_records(struct afd *afd);

/*
 * packets.c: what comes to the completion port.
 */

/*
 * Sleeps once.  Returns how many events it has filled in; WOKEN if packets
 * came and none made one; 0 if the time was up; or a negative errno number.
 */
int	cmio__afd_receive(struct afd *afd, struct cmio_event *events,
	    int nevents, int64_t timeout);

/* The poll is closing: waits until the kernel has given everything back. */
void	cmio__afd_settle(struct afd *afd);

/*
 * endpoints.c: handles of others on the completion port.
 */

/* For cmio_associate().  Returns 0 or a negative errno number. */
int	cmio__afd_associate(struct afd *afd, HANDLE handle, ULONG_PTR key);

/* Sources that libcmio-net makes readiness of. */
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

/*
 * wait.c
 */
int	cmio__afd_wait(struct cmio_poll *poll, struct cmio_event *events,
	    int nevents, int64_t timeout);

extern const struct selector_ops cmio__afd;

#endif
