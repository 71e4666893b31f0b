/* SPDX-License-Identifier: MIT */
/*
 * What AFD is asked for a source, and what its answer means: functions of
 * their arguments alone.
 *
 * interest is the source's, with triggers; armed the directions that are
 * asked for; reported the ends (AFD_ABORT and so on) that were reported.
 */
#ifndef CMIO_AFD_BITS_H
#define CMIO_AFD_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* The conditions to ask for; 0 is possible. */
uint32_t	cmio__afd_conditions(unsigned int interest,
		    unsigned int armed, uint32_t reported);

/* The readiness to report for these conditions, 0 for none. */
unsigned int	cmio__afd_ready(bool datagram, unsigned int interest,
		    unsigned int armed, uint32_t reported, uint32_t conditions);

/* Of the conditions, the ends: to be or-ed into reported once reported. */
uint32_t	cmio__afd_ends(uint32_t conditions);

#endif
