/* SPDX-License-Identifier: MIT */
/*
 * The record of one registered socket, and its two requests to AFD.
 *
 * The guard asks whether the socket is closed, and nothing else.  It is made
 * when the source is registered and stays in flight until the socket is
 * closed or the source is removed.  So it is always about the socket that was
 * registered.
 *
 * The question asks for what the source is interested in.  It names the
 * socket by its number, which may belong to another socket by then.  In that
 * case the guard has ended before, and the record is closed: the answer is
 * thrown away.
 *
 *	        ask              answer
 *	IDLE ---------> PENDING ---------> IDLE
 *	                 |   |
 *	          recall |   | end
 *	                 v   |
 *	           RECALLED  |
 *	             |   |   |
 *	             |   +-->+-> ENDING
 *	             |             |
 *	      answer v             v answer
 *	            IDLE          IDLE
 *
 * RECALLED: it was cancelled in order to be asked anew, for more.  ENDING: it
 * was cancelled for good, as the source or the socket has gone.
 *
 * The kernel writes into a record until both requests are back, so its memory
 * is free only then.  The poll's lock is held in every function.
 */
#ifndef CMIO_AFD_REQUEST_H
#define CMIO_AFD_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/afd/device.h"
#include "selector/selector.h"

/* Two handles of the device, which serve this many sockets at the most. */
enum { SOCKETS_PER_HELPER = 32 };

struct helper {
	HANDLE		 device;	/* of questions, on the poll's port */
	HANDLE		 guards;	/* on the port of guards */
	unsigned int	 sockets;
	struct helper	*next;
};

enum question { IDLE, PENDING, RECALLED, ENDING };

struct afd_record {
	struct registration	 base;
	struct afd_record	*all;		/* the poll's next record */
	struct afd_record	*chain;		/* in the table */
	struct afd_record	*next;		/* in a queue or free */
	struct afd_record	**previous;	/* NULL: in no queue */
	struct helper		*helper;
	cmio_fd			 fd;
	struct afd_socket	 socket;
	struct afd_request	 guard;
	struct afd_request	 question;
	enum question		 state;		/* of the question */
	bool			 guarded;	/* the guard is in flight */
	bool			 removed;	/* no source has the record */
	bool			 closed;	/* the socket was */
	bool			 failed;	/* the last question did */
	uintptr_t		 token;
	unsigned int		 interest;	/* and triggers */
	unsigned int		 armed;		/* directions to ask for */
	uint32_t		 asked;		/* by the question */
	uint32_t		 reported;	/* ends that were reported */
};

void	cmio__request_set(struct afd_record *record, uintptr_t token,
	    unsigned int interest);
void	cmio__request_rearm(struct afd_record *record,
	    unsigned int directions);

/*
 * Makes the guard.  Returns 0 or a negative errno number; EPERM: AFD does not
 * know the socket, which has a provider with a driver of its own.
 */
int	cmio__request_guard(struct afd_record *record);

/* The guard is back; it is made again if somebody else has cancelled it. */
void	cmio__request_guard_back(struct afd_record *record);

/*
 * Asks what has to be asked.  Returns 0 or a negative errno number, and then
 * nothing has changed.
 */
int	cmio__request_update(struct afd_record *record);

/* No event of it is reported any more: cancels both requests. */
void	cmio__request_remove(struct afd_record *record);

/* Whether it was removed and the kernel has given back both requests. */
bool	cmio__request_is_over(const struct afd_record *record);

/* The question is back.  Returns whether there is an event to report. */
bool	cmio__request_answered(struct afd_record *record,
	    struct cmio_event *event);

#endif
