/* SPDX-License-Identifier: MIT */
/*
 * The record of one registered socket, and its poll request as a state
 * machine.
 *
 *	idle		nothing is in flight; next_ask() says what to ask
 *	pending		a request is in flight
 *	cancelled	and was cancelled, to be asked anew or not at all
 *
 * A record that is deleted lives on until its request is back.  Nothing
 * here locks: the poll's lock is held in every function.
 */
#ifndef CMIO_AFD_SOCK_H
#define CMIO_AFD_SOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "selector/afd/device.h"
#include "selector/selector.h"

/* One handle of the device, which serves this many sockets at the most. */
enum { SOCKETS_PER_HELPER = 32 };

struct helper {
	HANDLE		 device;
	unsigned int	 sockets;
	struct helper	*next;
};

enum sock_state { SOCK_IDLE, SOCK_PENDING, SOCK_CANCELLED };

struct sock {
	struct registration	 base;
	struct sock		*chain;		/* in the table */
	struct sock		*next;		/* in a queue or free */
	struct sock		**previous;	/* NULL: in no queue */
	struct helper		*helper;
	cmio_fd			 fd;
	struct afd_socket	 socket;
	struct afd_request	 request;
	enum sock_state		 state;
	bool			 deleted;	/* no source has it */
	bool			 closed;	/* the socket was */
	bool			 failed;	/* its last request */
	uintptr_t		 token;
	unsigned int		 interest;	/* and triggers */
	unsigned int		 armed;		/* what is listened for */
	uint32_t		 asked;		/* by the request */
	uint32_t		 told;		/* ends that were reported */
};

void	cmio__sock_set(struct sock *sock, uintptr_t token,
	    unsigned int interest);
void	cmio__sock_rearm(struct sock *sock, unsigned int directions);

/* Whether the socket was closed, as far as the kernel can tell by now. */
bool	cmio__sock_gone(struct sock *sock);

/*
 * Sees to it that the kernel is asked what has to be asked.  Returns 0 or a
 * negative errno number; then nothing has changed.
 */
int	cmio__sock_update(struct sock *sock);

/* No event of it is reported any more.  Whether its memory is free, too. */
bool	cmio__sock_delete(struct sock *sock);

/*
 * Its request is back.  Returns whether there is something to report.  The
 * record is idle then.
 */
bool	cmio__sock_answered(struct sock *sock, struct cmio_event *event);

#endif
